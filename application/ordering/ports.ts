import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { RequestQueries, Requests } from '#application/shared/requests.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import type { Order, OrderId, OrderStatus } from '#domain/ordering/order.ts';
import type { Offer } from '#domain/ordering/selection.ts';
import type { Change } from '#domain/shared/change.ts';
import type { DiningOption } from '#domain/shared/dining.ts';
import type { TaxComponent } from '#domain/shared/tax.ts';
import type { WeeklyHours } from '#domain/shared/weekly-hours.ts';

export type Orders = {
  find(orderId: OrderId): Promise<Order | undefined>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Order, OrderEvent>): Promise<void>;
};

export type OrderFilter = { readonly status?: OrderStatus };
export type HistoryEntry = {
  readonly version: number;
  readonly from: OrderStatus | null;
  readonly to: OrderStatus;
  readonly actor: string;
  readonly reason: string | null;
  readonly at: number;
};
export type OrderQueries = {
  find(orderId: OrderId): Promise<Order | undefined>;
  /** Those that there are, in no order. */
  some(orderIds: readonly OrderId[]): Promise<readonly Order[]>;
  /** The order as it was when it was made, from its first event. */
  asPlaced(orderId: OrderId): Promise<Order | undefined>;
  forCustomer(customerId: string, page: PageRequest): Promise<Page<Order>>;
  forRestaurant(restaurantId: string, filter: OrderFilter, page: PageRequest): Promise<Page<Order>>;
  /** Its history, waiting for up to a second until it tells of `version`. */
  history(orderId: OrderId, version: number): Promise<readonly HistoryEntry[]>;
  /** Unpaid orders whose hold has lapsed, by id, those after `after`. */
  lapsed(at: number, after: OrderId | undefined, limit: number): Promise<readonly OrderId[]>;
};

/** The history, as its subscription writes it. An entry that is there already stays as it is. */
export type OrderHistory = {
  add(entries: readonly (HistoryEntry & { readonly orderId: string; readonly restaurantId: string })[]): Promise<void>;
};

/** Numbers for people: unique within a restaurant's business day, growing, perhaps with gaps. Never a lock orders wait for. */
export type OrderNumbers = {
  next(restaurantId: string, businessDay: string): Promise<number>;
};

/** What ordering needs to know of a restaurant; partners answers. */
export type OrderingRestaurant = {
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly openingHours: WeeklyHours;
  readonly businessDayStartsAt: string;
  readonly diningOptions: readonly DiningOption[];
  readonly pricesIncludeTax: boolean;
  readonly cashRounding: number;
  readonly isAcceptingOrders: boolean;
  /** How long an unpaid order keeps its stock. */
  readonly unpaidHoldMs: number;
  taxFor(taxClass: string, diningOption: DiningOption): readonly TaxComponent[];
};
export type Restaurants = {
  find(restaurantId: string): Promise<OrderingRestaurant | undefined>;
};

/** What ordering needs from the menu; the catalogue answers. By item id; undefined when the restaurant has no menu. */
export type Menu = {
  offers(restaurantId: string): Promise<ReadonlyMap<string, Offer> | undefined>;
};

/** How many portions of what: an item or an option. */
export type Portions = readonly { readonly sellableId: string; readonly quantity: number }[];
/** What portions take from the shelf, each stock item once, in thousandths of its unit, by a revision of the recipes. */
export type StockDemand = { readonly lines: readonly { readonly stockItemId: string; readonly quantity: number }[]; readonly revision: number };
export type StockShortage = {
  readonly stockItemId: string;
  readonly name: string;
  readonly unit: string;
  readonly needed: number;
  readonly available: number;
};

/** What ordering needs from the stockroom before a transaction: recipes turned into ingredients, duplicates added up. */
export type Stockroom = {
  /** `newerThan`: a revision that turned out to be out of date. */
  demandFor(restaurantId: string, portions: Portions, newerThan?: number): Promise<StockDemand>;
};

/** Stock inside the transaction of an order. */
export type OrderStock = {
  /** Holds the whole demand for the order, first-expired first, or nothing of it. */
  reserve(request: {
    readonly restaurantId: string;
    readonly orderId: string;
    readonly demand: StockDemand['lines'];
    readonly revision: StockDemand['revision'];
    /** When the hold lapses; null when it does not. */
    readonly expiresAt: number | null;
    /** When it will be eaten: what has expired by then is not held for it. */
    readonly usableAt: number;
    readonly at: number;
  }): Promise<readonly StockShortage[] | 'reserved' | 'stale'>;
  /** Ends the order's hold, exactly once; an order that holds nothing is fine. */
  settle(request: { readonly restaurantId: string; readonly orderId: string; readonly outcome: HoldOutcome; readonly at: number }): Promise<void>;
};
/** sold; back on the shelf; back on the shelf because nobody paid; made, and thrown away. */
export type HoldOutcome = 'fulfilled' | 'released' | 'expired' | 'wasted';

export type OrderingTx = { readonly orders: Orders; readonly stock: OrderStock; readonly requests: Requests };
export type OrderingDeps = {
  readonly uow: UnitOfWork<OrderingTx>;
  /** For orders that are placed: those that come at the same time may share a transaction. */
  readonly placements: UnitOfWork<OrderingTx>;
  readonly queries: OrderQueries;
  readonly requests: RequestQueries;
  readonly facts: OrderingFacts;
  readonly numbers: OrderNumbers;
  readonly clock: Clock;
  readonly ids: Ids;
};

/** The answers of other modules, gathered before a transaction. */
export type OrderingFacts = { readonly restaurants: Restaurants; readonly menu: Menu; readonly stockroom: Stockroom };
