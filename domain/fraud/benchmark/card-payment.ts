/** A card paid at a terminal: the facts of a card-payment stream. Times are whole seconds, amounts minor units. */
export type CardPayment = {
  readonly id: number;
  readonly at: number;
  readonly customer: number;
  readonly terminal: number;
  readonly amount: number;
};

/** What became known of a payment, and when: nothing may use it before `at`. */
export type FraudLabel = { readonly payment: CardPayment; readonly at: number; readonly isFraud: boolean };

export const DAY_SECONDS = 86_400;
