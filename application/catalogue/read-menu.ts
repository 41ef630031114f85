import type { Page, PageRequest } from '#application/shared/page.ts';
import { Standing, type StockOf } from '#domain/catalogue/availability.ts';
import type { Category } from '#domain/catalogue/category.ts';
import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { Menu } from '#domain/catalogue/menu.ts';
import type { AvailabilityState, MenuItem } from '#domain/catalogue/menu-item.ts';
import type { ModifierGroup, ModifierOption } from '#domain/catalogue/modifier-group.ts';
import { isServedAt, nextOpening, wallClockAt } from '#domain/catalogue/service-hours.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PricedItem } from './add-item.ts';
import type { PricedGroup } from './add-modifier-group.ts';
import type { CatalogueDeps, StockPortions } from './ports.ts';

export type MenuNow = {
  readonly restaurantId: string;
  readonly currency: string;
  readonly categories: readonly (Category & { readonly isAvailableNow: boolean; readonly items: readonly ItemNow[] })[];
  /** Every group that an item has, once. */
  readonly groups: readonly GroupNow[];
};
export type ItemNow = Omit<MenuItem, 'availability'> & {
  /** Whether its hours and its category's hold. */
  readonly isAvailableNow: boolean;
  /** Whether the restaurant takes orders now, its hours hold and there is some left. */
  readonly isOrderableNow: boolean;
  /** `quantity` is how many portions are left of an item that is counted down. */
  readonly availability: { readonly state: AvailabilityState; readonly quantity: number | null };
};
export type GroupNow = Omit<ModifierGroup, 'options'> & {
  readonly options: readonly (ModifierOption & { readonly state: 'in_stock' | 'out_of_stock' })[];
};

/** How many can be sold now, and what stops more. */
export type ItemAvailability = Standing & {
  /** What people said of it last, whatever the stock says. */
  readonly setTo: AvailabilityState;
  readonly isOrderableNow: boolean;
  /** When its hours and the restaurant's hold again; null while they hold, when they never will, and while no orders are accepted. */
  readonly nextOpening: number | null;
};

type NoRestaurant = CatalogueErrorOf<'catalogue.restaurant_not_found'>;
type NoItem = CatalogueErrorOf<'catalogue.restaurant_not_found' | 'catalogue.item_not_found'>;
type Deps = Pick<CatalogueDeps, 'menus' | 'restaurants' | 'stock' | 'clock'>;

const stockOf = (portions: readonly StockPortions[]): StockOf => new Map(portions.map(({ sellableId, ...left }) => [sellableId, left]));

/** The menu as guests see it at an instant; now, unless another is asked for. */
export const readMenu =
  ({ menus, restaurants, stock, clock }: Deps) =>
  async (restaurantId: string, at = clock.now()): Promise<Result<MenuNow, NoRestaurant>> => {
    const [restaurant, found, portions] = await Promise.all([restaurants.find(restaurantId), menus.find(restaurantId), stock.portions(restaurantId)]);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const menu = found ?? Menu.empty;
    const left = stockOf(portions);
    const wallClock = wallClockAt(restaurant.timeZone, at);
    const isOpen = restaurant.isAcceptingOrders && isServedAt([restaurant.openingHours], wallClock);

    const items = [...menu.items.values()].map((item): ItemNow => {
      const { state, portions: count } = Standing.ofItem(item, menu.groups, left);
      const isAvailableNow = isServedAt(Menu.hoursOf(item, menu.categories.get(item.categoryId)), wallClock);
      const availability = { state, quantity: state === 'quantity' ? count : null };
      return { ...item, isAvailableNow, isOrderableNow: isOpen && isAvailableNow && state !== 'out_of_stock', availability };
    });
    const itemsOf = Map.groupBy(items, ({ categoryId }) => categoryId);
    const categories = [...menu.categories.values()].map((category) => ({
      ...category,
      isAvailableNow: isServedAt(category.hours ? [category.hours] : [], wallClock),
      items: itemsOf.get(category.id) ?? [],
    }));
    const groups = [...new Set(items.flatMap(({ groupIds }) => groupIds))]
      .flatMap((groupId) => menu.groups.get(groupId) ?? [])
      .map((group) => groupNow(group, left));
    return ok({ restaurantId, currency: restaurant.currency, categories, groups });
  };

const groupNow = (group: ModifierGroup, stock: StockOf): GroupNow => ({
  ...group,
  options: group.options.map((option) => ({ ...option, state: Standing.ofOption(option, stock) })),
});

/** One item of the menu, as it was written. */
export const readItem =
  ({ menus, restaurants }: Deps) =>
  async (restaurantId: string, itemId: string): Promise<Result<PricedItem, NoItem>> => {
    const [restaurant, menu] = await Promise.all([restaurants.find(restaurantId), menus.find(restaurantId)]);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const item = menu?.items.get(itemId);
    return item ? ok({ item, currency: restaurant.currency }) : err({ code: 'catalogue.item_not_found', itemId });
  };

/** A slice of the modifier groups, for those who look after them. */
export const listModifierGroups =
  ({ queries, restaurants }: Pick<CatalogueDeps, 'queries' | 'restaurants'>) =>
  async (restaurantId: string, page: PageRequest): Promise<Result<Page<PricedGroup>, NoRestaurant>> => {
    const [restaurant, { data, next }] = await Promise.all([restaurants.find(restaurantId), queries.groups(restaurantId, page)]);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    return ok({ data: data.map((group) => ({ group, currency: restaurant.currency })), next });
  };

/** Whether an item can be ordered at an instant, how many of it, and which ingredient stops more. */
export const readItemAvailability =
  ({ menus, restaurants, stock, clock }: Deps) =>
  async (restaurantId: string, itemId: string, at = clock.now()): Promise<Result<ItemAvailability, NoItem>> => {
    const [restaurant, menu] = await Promise.all([restaurants.find(restaurantId), menus.find(restaurantId)]);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const item = menu?.items.get(itemId);
    if (!menu || !item) return err({ code: 'catalogue.item_not_found', itemId });

    const { timeZone, openingHours, isAcceptingOrders } = restaurant;
    const standing = Standing.ofItem(item, menu.groups, stockOf(await stock.portions(restaurantId, Menu.sellablesOf(menu, item))));
    const hours = [openingHours, ...Menu.hoursOf(item, menu.categories.get(item.categoryId))];
    const isServed = isServedAt(hours, wallClockAt(timeZone, at));
    return ok({
      ...standing,
      setTo: item.availability.state,
      isOrderableNow: isAcceptingOrders && isServed && standing.state !== 'out_of_stock',
      nextOpening: isServed || !isAcceptingOrders ? null : (nextOpening(hours, timeZone, at) ?? null),
    });
  };
