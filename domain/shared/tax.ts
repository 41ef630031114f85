/** A share of a tax, as the law splits it: CGST and SGST, say. `percent` has at most three decimals. */
export type TaxComponent = { readonly name: string; readonly percent: number };
