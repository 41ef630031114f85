import type { Minor } from '#domain/shared/money.ts';
import type { WeeklyHours } from '#domain/shared/weekly-hours.ts';

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

/** What ordering needs from the menu; the catalogue answers. By item id; undefined when the restaurant has no menu. */
export type Menu = {
  offers(restaurantId: string): Promise<ReadonlyMap<string, Offer> | undefined>;
};

/** How many portions of what: an item or an option. */
export type Portions = readonly { readonly sellableId: string; readonly quantity: number }[];
/** What portions take from the shelf, each stock item once, in thousandths of its unit. */
export type StockDemand = readonly { readonly stockItemId: string; readonly quantity: number }[];
export type StockShortage = { readonly stockItemId: string; readonly name: string; readonly unit: string; readonly needed: number; readonly available: number };

/** What ordering needs from the stockroom before a transaction: recipes turned into ingredients, duplicates added up. */
export type Stockroom = {
  demandFor(restaurantId: string, portions: Portions): Promise<StockDemand>;
};

/** Stock inside the transaction of an order. */
export type OrderStock = {
  /** Holds the whole demand for the order, first-expired first, or nothing of it. */
  reserve(request: {
    readonly restaurantId: string;
    readonly orderId: string;
    readonly demand: StockDemand;
    /** When the hold lapses; null when it does not. */
    readonly expiresAt: number | null;
    readonly at: number;
  }): Promise<readonly StockShortage[] | 'reserved'>;
  /** Ends the order's hold, exactly once; an order that holds nothing is fine. */
  settle(request: { readonly restaurantId: string; readonly orderId: string; readonly outcome: HoldOutcome; readonly at: number }): Promise<void>;
};
/** sold; back on the shelf; back on the shelf because nobody paid; made, and thrown away. */
export type HoldOutcome = 'fulfilled' | 'released' | 'expired' | 'wasted';
