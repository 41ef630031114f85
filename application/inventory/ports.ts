import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { Requests } from '#application/shared/requests.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Reading, StockAlert } from '#domain/inventory/alert.ts';
import type { Balance } from '#domain/inventory/balance.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import type { Movement, MovementLine, StockEntry } from '#domain/inventory/movement.ts';
import type { Recipe, Recipes } from '#domain/inventory/recipe.ts';
import type { Reservation, ReservationStatus } from '#domain/inventory/reservation.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import type { Change } from '#domain/shared/change.ts';
import type { Quantity } from '#domain/shared/quantity.ts';

export type StockItems = {
  find(restaurantId: string, stockItemId: string): Promise<StockItem | undefined>;
  /** Those of the items that the restaurant has. */
  findAll(restaurantId: string, stockItemIds: readonly string[]): Promise<readonly StockItem[]>;
  /** Writes the state and its events, or throws WriteConflict; 'name_taken' when another ingredient of the restaurant has the name. */
  save(change: Change<StockItem, InventoryEvent>): Promise<'saved' | 'name_taken'>;
};

export type Balances = {
  /**
   * Every balance of these items, locked until the transaction ends. Always in one order, by item, expiry and batch, so that
   * no two transactions wait for each other; whoever locks items of two restaurants goes by item id as well.
   */
  lock(restaurantId: string, stockItemIds: readonly string[]): Promise<readonly Balance[]>;
  /** Expired batches with something on the shelf, locked; what another transaction holds is left for the next time. */
  lockExpired(now: number, limit: number): Promise<readonly { readonly restaurantId: string; readonly balance: Balance }[]>;
};

/** The ledger. Each write moves the balances along; one that would leave less than nothing somewhere throws WriteConflict. */
export type StockEntries = {
  /** Opens the batches that are new, and after a receipt forgets those of its items that are used up. */
  save(change: Change<StockEntry, InventoryEvent>): Promise<void>;
};

export type Reservations = {
  /** Locked until the transaction ends. */
  lock(restaurantId: string, orderId: string): Promise<Reservation | undefined>;
  /** Writes the hold or its end, its movements and the balances they change, as one. */
  save(change: Change<Reservation, InventoryEvent>): Promise<void>;
};

export type RecipeStore = {
  find(restaurantId: string, sellableId: string): Promise<Recipe | undefined>;
  save(change: Change<Recipe, InventoryEvent>): Promise<void>;
  /** Of the restaurant's recipe book, as it is now and not as it was a moment ago. */
  revision(restaurantId: string): Promise<number>;
};

export type StockAlerts = {
  /** What is there of these items now, each with what was last told of it. */
  readings(items: readonly ItemKey[], now: number): Promise<readonly { readonly reading: Reading; readonly before: StockAlert | undefined }[]>;
  save(changes: readonly Change<StockAlert, InventoryEvent>[]): Promise<void>;
};
export type ItemKey = { readonly restaurantId: string; readonly stockItemId: string };

export type InventoryTx = {
  readonly stockItems: StockItems;
  readonly balances: Balances;
  readonly entries: StockEntries;
  readonly reservations: Reservations;
  readonly recipes: RecipeStore;
  readonly alerts: StockAlerts;
  readonly requests: Requests;
  /** For the documents of what other modules' transactions move. */
  readonly ids: Ids;
};

/** A line of the ledger, as it is read. */
export type MovementView = Omit<Movement, 'restaurantId' | 'lines'> &
  MovementLine & { readonly id: string; readonly name: string; readonly unit: string };
export type ItemStock = { readonly item: StockItem; readonly balances: readonly Balance[] };

export type InventoryQueries = {
  /** Ingredients; countdowns are the menu's to show. */
  stockItems(restaurantId: string, page: PageRequest): Promise<Page<StockItem>>;
  stocks(restaurantId: string, page: PageRequest): Promise<Page<ItemStock>>;
  movements(restaurantId: string, stockItemId: string | undefined, page: PageRequest): Promise<Page<MovementView>>;
  /** An entry as it was made, from its event. */
  entry(documentId: string): Promise<StockEntry | undefined>;
  recipe(restaurantId: string, sellableId: string): Promise<Recipe | undefined>;
  recipes(restaurantId: string, page: PageRequest): Promise<Page<Recipe>>;
  reservations(restaurantId: string, status: ReservationStatus | undefined, page: PageRequest): Promise<Page<Reservation>>;
  /** What can be promised of these items. */
  available(restaurantId: string, stockItemIds: readonly string[], now: number): Promise<ReadonlyMap<string, Quantity>>;
};

/** Everything a restaurant cooks from, as it was a moment ago: in this process never behind, in others by a second at most. */
export type RecipeBook = {
  readonly revision: number;
  readonly recipes: Recipes;
  readonly items: ReadonlyMap<string, { readonly name: string; readonly unit: string }>;
};
export type RecipeBooks = {
  /** `newerThan`: a revision that turned out to be out of date. */
  of(restaurantId: string, newerThan?: number): Promise<RecipeBook>;
};
/** Where recipe books are read from; the revision grows whenever a book changes. */
export type RecipeBookSource = { revision(restaurantId: string): Promise<number>; load(restaurantId: string): Promise<RecipeBook> };

/** What inventory needs from the menu: whether there is such an item or option. */
export type Sellables = { exists(restaurantId: string, sellableId: string): Promise<boolean> };

export type InventoryDeps = {
  readonly uow: UnitOfWork<InventoryTx>;
  readonly queries: InventoryQueries;
  readonly books: RecipeBooks;
  readonly sellables: Sellables;
  readonly clock: Clock;
  readonly ids: Ids;
};
