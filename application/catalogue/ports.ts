import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Limit } from '#domain/catalogue/availability.ts';
import type { Category } from '#domain/catalogue/category.ts';
import type { CategoryEvent, MenuItemEvent, ModifierGroupEvent } from '#domain/catalogue/events.ts';
import type { Menu } from '#domain/catalogue/menu.ts';
import type { ItemListing } from '#domain/catalogue/menu-import.ts';
import type { MenuItem } from '#domain/catalogue/menu-item.ts';
import type { GroupUse, ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import type { Change } from '#domain/shared/change.ts';
import type { WeeklyHours } from '#domain/shared/weekly-hours.ts';

export type Menus = {
  /**
   * Takes the restaurant's menu for this transaction and marks it changed. Every write begins with it, so what is read
   * after it stands still, and whatever else is locked is locked after it.
   */
  lock(restaurantId: string): Promise<void>;
};

/** `save` writes all the changes in one statement, each with its one event, or throws WriteConflict. `find` finds what is live. */
export type Categories = {
  find(restaurantId: string, categoryId: string): Promise<Category | undefined>;
  live(restaurantId: string): Promise<readonly Category[]>;
  save(changes: readonly Change<Category, CategoryEvent>[]): Promise<void>;
};

export type Items = {
  find(restaurantId: string, itemId: string): Promise<MenuItem | undefined>;
  /** How many live ones the restaurant has and the category has, and the last position in it, null when it is empty. */
  tally(
    restaurantId: string,
    categoryId: string,
  ): Promise<{ readonly live: number; readonly inCategory: number; readonly lastPosition: number | null }>;
  /** What tells the live ones apart. */
  listings(restaurantId: string): Promise<readonly ItemListing[]>;
  save(changes: readonly Change<MenuItem, MenuItemEvent>[]): Promise<void>;
};

export type Groups = {
  find(restaurantId: string, groupId: string): Promise<ModifierGroup | undefined>;
  count(restaurantId: string): Promise<number>;
  /** Which of these are not live groups of the restaurant. */
  missing(restaurantId: string, groupIds: readonly string[]): Promise<readonly string[]>;
  /** The live items that have the group: how many, and the first USES_MAX of them by name. */
  use(restaurantId: string, groupId: string): Promise<GroupUse>;
  save(changes: readonly Change<ModifierGroup, ModifierGroupEvent>[]): Promise<void>;
};
export const USES_MAX = 20;

export type CatalogueQueries = {
  categories(restaurantId: string, page: PageRequest): Promise<Page<Category>>;
  groups(restaurantId: string, page: PageRequest): Promise<Page<ModifierGroup>>;
  /** Whether there is a live item or option of this id. */
  sellableExists(restaurantId: string, sellableId: string): Promise<boolean>;
};

/** Menus as they are read: kept in memory while they stand, the same object every time. Undefined before the first write. */
export type CurrentMenus = {
  find(restaurantId: string): Promise<Menu | undefined>;
};

/** Where current menus are read from; the revision grows whenever a menu changes. */
export type MenuSource = { revision(restaurantId: string): Promise<number | undefined>; load(restaurantId: string): Promise<Menu | undefined> };

/** What the catalogue needs to know of a restaurant; partners answers. */
export type CatalogueRestaurant = {
  readonly timeZone: string;
  readonly currency: string;
  readonly taxClasses: readonly string[];
  readonly openingHours: WeeklyHours;
  readonly isAcceptingOrders: boolean;
};
export type Restaurants = {
  find(restaurantId: string): Promise<CatalogueRestaurant | undefined>;
};

/** How many portions of an item or option the shelf gives, and what runs out first. */
export type StockPortions = { readonly sellableId: string; readonly portions: number; readonly limitedBy: Limit | null };
/** What the catalogue needs from the stockroom; inventory answers. */
export type Stock = {
  /** Of these sellables, or of all of the restaurant's: those that have a recipe or are counted down. */
  portions(restaurantId: string, sellableIds?: readonly string[]): Promise<readonly StockPortions[]>;
};
/** Counting an item down, inside the transaction that sets its state; inventory keeps the count. Null stops counting. */
export type Countdown = {
  set(restaurantId: string, itemId: string, itemName: string, portions: number | null, at: number): Promise<void>;
};

export type CatalogueTx = {
  readonly menus: Menus;
  readonly categories: Categories;
  readonly items: Items;
  readonly groups: Groups;
  readonly countdown: Countdown;
};
export type CatalogueDeps = {
  readonly uow: UnitOfWork<CatalogueTx>;
  readonly queries: CatalogueQueries;
  readonly menus: CurrentMenus;
  readonly restaurants: Restaurants;
  readonly stock: Stock;
  readonly clock: Clock;
  readonly ids: Ids;
};
