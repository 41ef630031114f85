import { QUANTITY_MAX, Quantity } from '../shared/quantity.ts';
import type { Place } from './movement.ts';

/** What of an item came together and expires together. What never expires and has no lot is one batch, with the item's own id. */
export type Batch = {
  readonly stockItemId: string;
  readonly batchId: string;
  readonly lot: string | null;
  readonly expiresAt: number | null;
};

/** Where a batch is: free on the shelf, or held for orders. Together they are what is on hand. */
export type Balance = Batch & { readonly shelf: Quantity; readonly held: Quantity };

/** More of one item on hand is a mistake in its unit. */
export const STOCK_MAX = 1_000 * QUANTITY_MAX;
/** More batches of one item at a time is a mistake. */
export const BATCHES_MAX = 200;

const undated = (stockItemId: string): Batch => ({ stockItemId, batchId: stockItemId, lot: null, expiresAt: null });
const empty = (batch: Batch): Balance => ({ ...batch, shelf: Quantity.zero, held: Quantity.zero });

/** Whether the batch may still be sold. */
const isUsable = ({ expiresAt }: Pick<Batch, 'expiresAt'>, now: number): boolean => expiresAt === null || expiresAt > now;

/** First expired first, what never expires last; ties by batch. */
function byExpiry(a: Batch, b: Batch): number {
  const [first, second] = [a.expiresAt ?? Infinity, b.expiresAt ?? Infinity];
  if (first !== second) return first < second ? -1 : 1;
  return a.batchId < b.batchId ? -1 : a.batchId > b.batchId ? 1 : 0;
}

const sum = (balances: readonly Balance[], of: (balance: Balance) => number): Quantity =>
  Quantity.of(balances.reduce((total, balance) => total + of(balance), 0));

/** The balance after a quantity went from one place to another, or undefined when there was not that much. */
function move(balance: Balance, from: Place, to: Place, quantity: number): Balance | undefined {
  const step = (place: Place): number => (to === place ? quantity : 0) - (from === place ? quantity : 0);
  const [shelf, held] = [balance.shelf + step('shelf'), balance.held + step('held')];
  return shelf < 0 || held < 0 ? undefined : { ...balance, shelf: Quantity.of(shelf), held: Quantity.of(held) };
}

export const Balance = {
  undated,
  empty,
  isUsable,
  byExpiry,
  move,
  shelf: (balances: readonly Balance[]): Quantity => sum(balances, ({ shelf }) => shelf),
  held: (balances: readonly Balance[]): Quantity => sum(balances, ({ held }) => held),
  onHand: (balances: readonly Balance[]): Quantity => sum(balances, ({ shelf, held }) => shelf + held),
  /** What can be promised: on the shelf, and not expired. */
  available: (balances: readonly Balance[], now: number): Quantity => sum(balances, (balance) => (isUsable(balance, now) ? balance.shelf : 0)),
  /** Empty, and never to be filled again as likely as not. */
  isDepleted: ({ stockItemId, batchId, shelf, held }: Balance): boolean => batchId !== stockItemId && shelf === 0 && held === 0,
};
