import type { AvailabilityState, MenuItem } from './menu-item.ts';
import type { ModifierGroup, ModifierOption } from './modifier-group.ts';

/** The ingredient that runs out first: how much there is of it and one portion needs, in its unit. */
export type Limit = {
  readonly stockItemId: string;
  readonly name: string;
  readonly unit: string;
  readonly available: number;
  readonly needed: number;
};
/** How many portions of an item or option the shelf gives. What has no recipe and no countdown is not in it. */
export type StockOf = ReadonlyMap<string, { readonly portions: number; readonly limitedBy: Limit | null }>;

/** What is left of an item once its stock is asked too. `portions` is how many can be sold, null when nothing counts them. */
export type Standing = {
  readonly state: AvailabilityState;
  readonly portions: number | null;
  readonly limitedBy: Limit | null;
};

/**
 * What people said of it, and what the stock says of that: an item that cannot make one portion is out of stock by itself,
 * and comes back by itself. So is one with a required choice that cannot be made.
 */
function ofItem(item: MenuItem, groups: ReadonlyMap<string, ModifierGroup>, stock: StockOf): Standing {
  const { state } = item.availability;
  const { portions, limitedBy } = stock.get(item.id) ?? { portions: null, limitedBy: null };
  if (state === 'out_of_stock') return { state, portions: 0, limitedBy: null };
  if (portions !== null && portions < 1) return { state: 'out_of_stock', portions: 0, limitedBy };

  const blocking = item.groupIds.map((groupId) => groups.get(groupId)).find((group) => group !== undefined && !canBeChosen(group, stock));
  if (blocking) return { state: 'out_of_stock', portions: 0, limitedBy: limitOf(blocking, stock) };
  return { state, portions, limitedBy };
}

function ofOption({ id, isOutOfStock }: ModifierOption, stock: StockOf): Exclude<AvailabilityState, 'quantity'> {
  return isOutOfStock || (stock.get(id)?.portions ?? 1) < 1 ? 'out_of_stock' : 'in_stock';
}

/** Whether the options that are left reach what one portion must take. */
const canBeChosen = ({ min, options }: ModifierGroup, stock: StockOf): boolean =>
  options.reduce((reach, option) => reach + timesLeft(option, stock), 0) >= min;

const timesLeft = (option: ModifierOption, stock: StockOf): number =>
  ofOption(option, stock) === 'out_of_stock' ? 0 : Math.min(option.max, stock.get(option.id)?.portions ?? option.max);

const limitOf = ({ options }: ModifierGroup, stock: StockOf): Limit | null =>
  options.map(({ id }) => stock.get(id)).find((left) => left !== undefined && left.portions < 1)?.limitedBy ?? null;

export const Standing = { ofItem, ofOption };
