import type { DoneRequest } from '#application/shared/requests.ts';
import type { InventoryErrorOf } from '#domain/inventory/errors.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import type { StockEntry } from '#domain/inventory/movement.ts';
import type { Standing } from '#domain/inventory/stockroom.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';
import type { Change } from '#domain/shared/change.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { InventoryDeps, InventoryTx } from './ports.ts';

/** What every entry made by hand begins with. */
export type EnterStock = {
  readonly restaurantId: string;
  readonly stockItemId: string;
  readonly reason: string | null;
  /** The caller's own name for this entry, and a digest of it: sent again, it is not made again. */
  readonly request: { readonly key: string; readonly fingerprint: string } | undefined;
};

export type EntryError = InventoryErrorOf<'inventory.stock_item_not_found' | 'inventory.idempotency_key_reused' | 'inventory.request_in_progress'>;
export type EntryDeps = Pick<InventoryDeps, 'uow' | 'queries' | 'clock' | 'ids'>;
type Entry = Change<StockEntry, InventoryEvent>;
type Made = { readonly entry: StockEntry } | { readonly before: DoneRequest };
/** An ingredient that is there, locked or about to be, and what the entry about it says so far. */
type Subject = Pick<Standing, 'item' | 'documentId' | 'reason' | 'at'>;

/** Makes one entry in the ledger, once: `decide` says what it moves, and saves what else belongs to it. */
export async function enterStock<E>(
  { uow, queries, clock, ids }: EntryDeps,
  { restaurantId, stockItemId, reason, request }: EnterStock,
  actor: Actor,
  decide: (tx: InventoryTx, subject: Subject) => Promise<Result<Entry, E>>,
): Promise<Result<StockEntry, E | EntryError>> {
  const documentId = ids.next();
  const at = clock.now();

  const made = await uow.run<Result<Made, E | EntryError>>(actor, async (tx) => {
    if (request) {
      const claim = await tx.requests.claim({ ...request, scope: scopeOf(restaurantId, actor), outcome: documentId });
      if (claim === 'running') return err({ code: 'inventory.request_in_progress' });
      if (claim !== 'claimed') return ok({ before: claim });
    }
    const item = await tx.stockItems.find(restaurantId, stockItemId);
    if (item?.kind !== 'ingredient') return err({ code: 'inventory.stock_item_not_found', stockItemId });
    const decided = await decide(tx, { item, documentId, reason, at });
    if (!decided.ok) return decided;

    await tx.entries.save(decided.value);
    return ok({ entry: decided.value.state });
  });
  if (!made.ok) return made;
  if ('entry' in made.value) return ok(made.value.entry);

  const { fingerprint, outcome } = made.value.before;
  if (fingerprint !== request?.fingerprint) return err({ code: 'inventory.idempotency_key_reused' });
  const entry = await queries.entry(outcome);
  invariant(entry !== undefined, `the request's entry ${outcome} is gone`);
  return ok(entry);
}

const scopeOf = (restaurantId: string, actor: Actor): string => `stock:${restaurantId}:${actor.kind === 'account' ? actor.accountId : nameOf(actor)}`;

/** The item's balances, locked. */
export const standingOf = async ({ balances }: InventoryTx, subject: Subject): Promise<Standing> => ({
  ...subject,
  balances: await balances.lock(subject.item.restaurantId, [subject.item.id]),
});

/** An amount to be moved: a quantity above zero. */
export function parseAmount(quantity: number): Result<Quantity, InventoryErrorOf<'inventory.quantity_malformed'>> {
  const parsed = Quantity.parse(quantity);
  return parsed.ok && parsed.value > 0 ? parsed : err({ code: 'inventory.quantity_malformed', quantity });
}
