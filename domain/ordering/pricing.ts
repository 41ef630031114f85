import { MINOR_MAX, type Minor, Money } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { mulDivRound } from '../shared/rounding.ts';
import type { TaxComponent } from '../shared/tax.ts';
import type { OrderingErrorOf } from './errors.ts';

export type TaxShare = TaxComponent & { readonly amount: Minor };

export type LineModifier = { readonly optionId: string; readonly name: string; readonly quantity: number; readonly unitPrice: Minor };

/** A line as it was chosen: what, how many, and what one costs. */
export type ChosenLine = {
  readonly itemId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Minor;
  readonly taxClass: string;
  readonly modifiers: readonly LineModifier[];
  readonly note: string | null;
};

/** A line as it is billed: its subtotal, and its share of every tax. */
export type OrderLine = ChosenLine & { readonly subtotal: Minor; readonly taxes: readonly TaxShare[] };

/** Where every minor unit of the total comes from. */
export type OrderPrice = {
  readonly pricesIncludeTax: boolean;
  readonly subtotal: Minor;
  /** By rate: what it was levied on, and what it came to. */
  readonly taxes: readonly (TaxShare & { readonly taxable: Minor })[];
  readonly tip: Minor;
  /** What rounding a cash total added or took. */
  readonly rounding: Minor;
  readonly total: Minor;
};

export type PricingPolicy = {
  readonly pricesIncludeTax: boolean;
  readonly componentsFor: (taxClass: string) => readonly TaxComponent[];
  /** The total is rounded to a multiple of this; 1 leaves it as it is. */
  readonly roundTo: number;
};

/** Percentages have at most three decimals, so a rate is a whole number of hundred-thousandths. */
const SCALE = 100_000;
const rateOf = (percent: number): number => Math.round(percent * 1_000);

const subtotalOf = ({ unitPrice, quantity, modifiers }: ChosenLine): number =>
  (unitPrice + modifiers.reduce((sum, modifier) => sum + modifier.unitPrice * modifier.quantity, 0)) * quantity;

/**
 * Prices an order to the last minor unit. Each tax is computed once on all lines of its rate, rounded half up, and shared
 * out over those lines by largest remainder, so that lines, rates and total always agree, in any order of the lines.
 */
export function priceOrder(
  chosen: readonly ChosenLine[],
  tip: Minor,
  { pricesIncludeTax, componentsFor, roundTo }: PricingPolicy,
): Result<{ readonly lines: readonly OrderLine[]; readonly price: OrderPrice }, OrderingErrorOf<'ordering.total_too_large'>> {
  const subtotals = chosen.map(subtotalOf);
  const whole = subtotals.reduce((sum, subtotal) => sum + subtotal, 0);
  if (whole > MINOR_MAX) return err({ code: 'ordering.total_too_large', limit: MINOR_MAX });

  const shares: TaxShare[][] = chosen.map(() => []);
  const taxes: (TaxShare & { taxable: Minor })[] = [];
  for (const { components, lines } of byRate(chosen, componentsFor)) {
    const weights = lines.map((line) => subtotals[line] as number);
    const gross = Money.sum(weights);
    const { taxable, amounts } = pricesIncludeTax ? containedIn(gross, components) : leviedOn(gross, components);
    for (const [i, component] of components.entries()) {
      const amount = amounts[i] as Minor;
      taxes.push({ ...component, taxable, amount });
      const parts = Money.allocate(amount, weights);
      for (const [j, line] of lines.entries()) shares[line]?.push({ ...component, amount: parts[j] as Minor });
    }
  }
  const tax = taxes.reduce((sum, { amount }) => sum + amount, 0);
  const payable = whole + (pricesIncludeTax ? 0 : tax) + tip;
  const total = mulDivRound(payable, 1, roundTo) * roundTo;
  if (total > MINOR_MAX || payable > MINOR_MAX) return err({ code: 'ordering.total_too_large', limit: MINOR_MAX });

  const lines = chosen.map((line, i): OrderLine => ({ ...line, subtotal: Money.of(subtotals[i] as number), taxes: shares[i] as TaxShare[] }));
  const price = { pricesIncludeTax, subtotal: Money.of(whole), taxes, tip, rounding: Money.of(total - payable), total: Money.of(total) };
  return ok({ lines, price });
}

/** Lines that are taxed alike, in the order of the rates' names, so that the order of the lines does not matter. */
function byRate(chosen: readonly ChosenLine[], componentsFor: PricingPolicy['componentsFor']) {
  const groups = new Map<string, { readonly components: readonly TaxComponent[]; readonly lines: number[] }>();
  for (const [line, { taxClass }] of chosen.entries()) {
    const components = componentsFor(taxClass);
    if (components.length === 0) continue;
    const key = JSON.stringify(components);
    const group = groups.get(key);
    if (group) group.lines.push(line);
    else groups.set(key, { components, lines: [line] });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Tax on top of the price, each component rounded by itself. */
function leviedOn(net: Minor, components: readonly TaxComponent[]) {
  return { taxable: net, amounts: components.map(({ percent }) => Money.of(mulDivRound(net, rateOf(percent), SCALE))) };
}

/** Tax inside the price: rounded once, then split over the components by their rates. */
function containedIn(gross: Minor, components: readonly TaxComponent[]) {
  const rates = components.map(({ percent }) => rateOf(percent));
  const rate = rates.reduce((sum, one) => sum + one, 0);
  const taxable = Money.of(mulDivRound(gross, SCALE, SCALE + rate));
  return { taxable, amounts: Money.allocate(Money.of(gross - taxable), rates) };
}

/** What makes the parts disagree with the total, or undefined: the arithmetic anyone can repeat. */
export function priceFault(lines: readonly OrderLine[], { pricesIncludeTax, subtotal, taxes, tip, rounding, total }: OrderPrice): string | undefined {
  const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);
  if (!lines.every((line) => line.subtotal === subtotalOf(line))) return 'a line is not its price times its quantity';
  if (subtotal !== sum(lines.map((line) => line.subtotal))) return 'the subtotal is not the sum of the lines';
  const tax = sum(taxes.map(({ amount }) => amount));
  if (tax !== sum(lines.flatMap((line) => line.taxes.map(({ amount }) => amount)))) return 'the taxes are not the sum of their shares';
  if (total !== subtotal + (pricesIncludeTax ? 0 : tax) + tip + rounding) return 'the total is not the sum of its parts';
  return undefined;
}
