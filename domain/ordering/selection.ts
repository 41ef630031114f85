import type { Minor } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { holdsAt, type WeeklyHours } from '../shared/weekly-hours.ts';
import type { OrderingErrorOf } from './errors.ts';
import { isQuantity, LINES_MAX, QUANTITY_MAX } from './order.ts';
import type { ChosenLine, LineModifier } from './pricing.ts';

/** What can be ordered, as the menu has it. */
export type Offer = {
  readonly itemId: string;
  readonly name: string;
  readonly price: Minor;
  readonly taxClass: string;
  /** Off the menu by hand; running out of stock is noticed when stock is reserved. */
  readonly isOutOfStock: boolean;
  /** The item may be ordered while every one of these holds: its own hours and its category's. */
  readonly hours: readonly WeeklyHours[];
  readonly groups: readonly OfferGroup[];
};
export type OfferGroup = {
  readonly groupId: string;
  readonly name: string;
  /** How many of its options one portion takes, counted with their quantities. */
  readonly min: number;
  readonly max: number;
  readonly options: readonly OfferOption[];
};
export type OfferOption = {
  readonly optionId: string;
  readonly name: string;
  readonly price: Minor;
  readonly isOutOfStock: boolean;
  /** How often this one option may be taken for one portion. */
  readonly max: number;
};

/** A line as it is asked for: ids and numbers, never a price. */
export type AskedLine = {
  readonly itemId: string;
  readonly quantity: number;
  readonly modifiers: readonly { readonly optionId: string; readonly quantity: number }[];
  readonly note: string | null;
};

export type SelectionError = OrderingErrorOf<
  | 'ordering.empty_order'
  | 'ordering.too_many_lines'
  | 'ordering.bad_quantity'
  | 'ordering.item_not_found'
  | 'ordering.item_unavailable'
  | 'ordering.option_not_found'
  | 'ordering.option_unavailable'
  | 'ordering.option_repeated'
  | 'ordering.modifier_missing'
  | 'ordering.too_many_modifiers'
>;

/** Matches what is asked with what is offered at an instant; names and prices come from the offer. */
export function choose(
  asked: readonly AskedLine[],
  offers: ReadonlyMap<string, Offer>,
  timeZone: string,
  at: number,
): Result<readonly ChosenLine[], SelectionError> {
  if (asked.length === 0) return err({ code: 'ordering.empty_order' });
  if (asked.length > LINES_MAX) return err({ code: 'ordering.too_many_lines', limit: LINES_MAX });

  const chosen: ChosenLine[] = [];
  for (const [line, { itemId, quantity, modifiers, note }] of asked.entries()) {
    if (!isQuantity(quantity) || !modifiers.every((modifier) => isQuantity(modifier.quantity))) {
      return err({ code: 'ordering.bad_quantity', line, limit: QUANTITY_MAX });
    }
    const offer = offers.get(itemId);
    if (!offer) return err({ code: 'ordering.item_not_found', line, itemId });
    const { name, price: unitPrice, taxClass } = offer;
    if (offer.isOutOfStock) return err({ code: 'ordering.item_unavailable', line, itemId, name, reason: 'out_of_stock' });
    if (!offer.hours.every((hours) => holdsAt(hours, timeZone, at)))
      return err({ code: 'ordering.item_unavailable', line, itemId, name, reason: 'hours' });

    const picked = chooseModifiers(line, modifiers, offer.groups);
    if (!picked.ok) return picked;
    chosen.push({ itemId, name, quantity, unitPrice, taxClass, modifiers: picked.value, note });
  }
  return ok(chosen);
}

function chooseModifiers(
  line: number,
  asked: AskedLine['modifiers'],
  groups: readonly OfferGroup[],
): Result<readonly LineModifier[], SelectionError> {
  const wanted = new Map<string, number>();
  for (const { optionId, quantity } of asked) wanted.set(optionId, (wanted.get(optionId) ?? 0) + quantity);

  const known = new Set(groups.flatMap(({ options }) => options.map(({ optionId }) => optionId)));
  const unknown = [...wanted.keys()].find((optionId) => !known.has(optionId));
  if (unknown !== undefined) return err({ code: 'ordering.option_not_found', line, optionId: unknown });

  const picked: LineModifier[] = [];
  for (const { groupId, name, min, max, options } of groups) {
    let taken = 0;
    for (const option of options) {
      const quantity = wanted.get(option.optionId);
      if (quantity === undefined) continue;
      const { optionId } = option;
      if (option.isOutOfStock) return err({ code: 'ordering.option_unavailable', line, optionId, name: option.name });
      if (quantity > option.max) return err({ code: 'ordering.option_repeated', line, optionId, name: option.name, limit: option.max });
      taken += quantity;
      picked.push({ optionId, name: option.name, quantity, unitPrice: option.price });
    }
    if (taken < min) return err({ code: 'ordering.modifier_missing', line, groupId, name, min });
    if (taken > max) return err({ code: 'ordering.too_many_modifiers', line, groupId, name, max });
  }
  return ok(picked);
}
