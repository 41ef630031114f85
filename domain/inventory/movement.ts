import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import type { Quantity } from '../shared/quantity.ts';
import { Balance, type Batch } from './balance.ts';
import type { InventoryEvent } from './events.ts';

/** Where stock is, was, or went. The sum of an item over all places is always zero. */
export const PLACES = ['supplier', 'shelf', 'held', 'sold', 'waste', 'count', 'transfer'] as const;
export type Place = (typeof PLACES)[number];

/** What moves stock by hand, and the orders that hold it. */
export const MOVEMENT_KINDS = ['receipt', 'waste', 'count', 'transfer', 'order'] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** A quantity, above zero, of one batch. */
export type MovementLine = { readonly stockItemId: string; readonly batchId: string; readonly quantity: Quantity };

/** One document of the ledger: its lines go from one place to another, all or none. */
export type Movement = {
  readonly restaurantId: string;
  /** Its own id, or that of the order whose stock it is. */
  readonly documentId: string;
  readonly kind: MovementKind;
  readonly from: Place;
  readonly to: Place;
  readonly lines: readonly MovementLine[];
  readonly reason: string | null;
  readonly at: number;
};

/** A movement by hand. It may fill batches that were not there before. Written once, so its stream has one event. */
export type StockEntry = Movement & { readonly kind: Exclude<MovementKind, 'order'>; readonly opens: readonly Batch[] };

/** The entry as what is saved: itself, and the fact that it happened. */
function entry(state: StockEntry): Change<StockEntry, InventoryEvent> {
  const { restaurantId, documentId, kind, from, to, lines, opens, reason, at } = Movement.check(state);
  return { state, events: [{ type: 'inventory.stock_moved', restaurantId, documentId, kind, from, to, lines, opens, reason, at }] };
}

function check<M extends Movement>(movement: M): M {
  const { from, to, lines, documentId } = movement;
  invariant(from !== to, `movement ${documentId} goes nowhere`);
  invariant(
    lines.every(({ quantity }) => quantity > 0),
    `movement ${documentId} moves nothing`,
  );
  invariant(new Set(lines.map(keyOf)).size === lines.length, `movement ${documentId} names a batch twice`);
  return movement;
}

/** The entry an event tells of. */
function fold(event: InventoryEvent): StockEntry {
  invariant(event.type === 'inventory.stock_moved', `${event.type} is no entry`);
  const { type: _type, ...state } = event;
  return state;
}

/** The balances after the movement, with the batches it opens; undefined when something it takes is not there. */
function apply(balances: readonly Balance[], { from, to, lines }: Movement, opens: readonly Batch[] = []): readonly Balance[] | undefined {
  const after = new Map([...opens.map(Balance.empty), ...balances].map((balance) => [keyOf(balance), balance]));
  for (const line of lines) {
    const balance = after.get(keyOf(line));
    const moved = balance && Balance.move(balance, from, to, line.quantity);
    if (!moved) return undefined;
    after.set(keyOf(line), moved);
  }
  return [...after.values()];
}

const keyOf = ({ stockItemId, batchId }: { readonly stockItemId: string; readonly batchId: string }): string => `${stockItemId}/${batchId}`;

export const Movement = { check, entry, fold, apply };
