import type { Minor } from '../shared/money.ts';
import type { WeeklyHours } from '../shared/weekly-hours.ts';
import type { Category } from './category.ts';
import type { MenuItem } from './menu-item.ts';
import type { ModifierGroup } from './modifier-group.ts';
import { inOrder } from './name.ts';

/** An item with everything that decides whether and how it can be ordered: what ordering is answered. */
export type Offer = {
  readonly itemId: string;
  readonly name: string;
  readonly price: Minor;
  readonly taxClass: string;
  /** Said by hand. */
  readonly isOutOfStock: boolean;
  /** It can be had while every one of these holds. */
  readonly hours: readonly WeeklyHours[];
  readonly groups: readonly OfferGroup[];
};
export type OfferGroup = {
  readonly groupId: string;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly options: readonly {
    readonly optionId: string;
    readonly name: string;
    readonly price: Minor;
    readonly isOutOfStock: boolean;
    readonly max: number;
  }[];
};

/** A restaurant's menu at one moment: what is live, by id, in the order people read it. */
export type Menu = {
  readonly categories: ReadonlyMap<string, Category>;
  readonly items: ReadonlyMap<string, MenuItem>;
  readonly groups: ReadonlyMap<string, ModifierGroup>;
  readonly offers: ReadonlyMap<string, Offer>;
};

function of(categories: readonly Category[], items: readonly MenuItem[], groups: readonly ModifierGroup[]): Menu {
  const categoriesById = byId(categories.filter(isLive).sort(inOrder));
  const groupsById = byId(groups.filter(isLive));
  const live = items.filter(isLive).sort(inOrder);
  const offers = live.map((item): [string, Offer] => [item.id, offerOf(item, categoriesById.get(item.categoryId), groupsById)]);
  return { categories: categoriesById, items: byId(live), groups: groupsById, offers: new Map(offers) };
}

const isLive = ({ isArchived }: { readonly isArchived: boolean }): boolean => !isArchived;
const byId = <T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> => new Map(all.map((one) => [one.id, one]));

function offerOf(item: MenuItem, category: Category | undefined, groups: Menu['groups']): Offer {
  const { id: itemId, name, price, taxClass, availability } = item;
  return {
    itemId,
    name,
    price,
    taxClass,
    isOutOfStock: availability.state === 'out_of_stock',
    hours: hoursOf(item, category),
    groups: item.groupIds.flatMap((groupId) => groups.get(groupId) ?? []).map(offerGroupOf),
  };
}

const offerGroupOf = ({ id: groupId, name, min, max, options }: ModifierGroup): OfferGroup => ({
  groupId,
  name,
  min,
  max,
  options: options.map(({ id: optionId, ...option }) => ({ optionId, ...option })),
});

/** An item can be had while its category can and it can itself. */
const hoursOf = (item: Pick<MenuItem, 'hours'>, category: Pick<Category, 'hours'> | undefined): readonly WeeklyHours[] =>
  [category?.hours, item.hours].filter((hours) => hours !== null && hours !== undefined);

/** Everything of an item that inventory may have a recipe for: itself, and what it is taken with. */
const sellablesOf = ({ groups }: Menu, item: MenuItem): readonly string[] => [
  item.id,
  ...item.groupIds.flatMap((groupId) => groups.get(groupId)?.options.map(({ id }) => id) ?? []),
];

export const Menu = { of, empty: of([], [], []), hoursOf, sellablesOf };
