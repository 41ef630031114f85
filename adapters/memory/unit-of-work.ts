import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';
import type { CommitSignal } from '../shared/committed.ts';
import { currentRequest } from '../shared/request-context.ts';
import { retryOnConflict } from '../shared/retry.ts';
import { insideTransaction } from '../shared/transaction-context.ts';
import type { MemoryStore } from './store.ts';
import { MemoryTx } from './tx.ts';

export type MemoryPlatform = { readonly store: MemoryStore; readonly clock: Clock; readonly ids: Ids; readonly committed: CommitSignal };

export const memoryUnitOfWork = <Tx>(platform: MemoryPlatform, scope: (tx: MemoryTx) => Tx): UnitOfWork<Tx> => ({
  run: (actor, work) => retryOnConflict(() => transactInMemory(platform, actor, (tx) => insideTransaction(() => work(scope(tx))))),
});

/** Runs `work` on an overlay of the store; ok applies it, err and throw forget it. */
export async function transactInMemory<R extends Result<unknown, unknown>>(
  { store, clock, ids, committed }: MemoryPlatform,
  actor: Actor,
  work: (tx: MemoryTx) => Promise<R>,
): Promise<R> {
  const tx = new MemoryTx(store, () => {
    const traceId = currentRequest()?.traceId;
    return { id: ids.next(), actor: nameOf(actor), recordedAt: clock.now(), ...(traceId !== undefined && { traceId }) };
  });
  try {
    const result = await work(tx);
    if (!result.ok) return result;
    const told = tx.commit().map(({ json, stream, restaurantId }) => ({ type: (JSON.parse(json) as { type: string }).type, stream, restaurantId }));
    for (const type of tx.announced) told.push({ type, stream: type, restaurantId: null });
    if (told.length > 0) committed.emit(told);
    return result;
  } finally {
    tx.release();
  }
}
