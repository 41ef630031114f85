import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Clock, Ids } from '#application/shared/ports.ts';
import { type UnitOfWork, WriteConflict } from '#application/shared/unit-of-work.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';
import type { Err, Result } from '#domain/shared/result.ts';
import type { CommitSignal } from '../shared/committed.ts';
import { currentRequest } from '../shared/request-context.ts';
import { retryOnConflict } from '../shared/retry.ts';
import { insideTransaction } from '../shared/transaction-context.ts';
import { isWriteConflict } from './conflicts.ts';
import { type PendingEvent, writeEvents } from './events/log.ts';
import { gatherInto } from './gather.ts';
import { sqlWithin } from './sql.ts';
import type { PostgresTx } from './tx.ts';

/** What every transaction needs besides its work. */
export type PostgresPlatform = { readonly orm: MikroORM; readonly clock: Clock; readonly ids: Ids; readonly committed: CommitSignal };

/** Carries a refused result out of MikroORM's callback so that it rolls back: a returned err would commit. */
class Refused {
  readonly result: Err<unknown>;
  constructor(result: Err<unknown>) {
    this.result = result;
  }
}

export const postgresUnitOfWork = <Tx>(platform: PostgresPlatform, scope: (tx: PostgresTx) => Tx): UnitOfWork<Tx> => ({
  run: <R extends Result<unknown, unknown>>(actor: Actor, work: (tx: Tx) => Promise<R>): Promise<R> =>
    retryOnConflict(async () => {
      try {
        return await transact(platform, actor, async (tx) => {
          const result = await insideTransaction(() => work(scope(tx)));
          if (!result.ok) throw new Refused(result);
          return result;
        });
      } catch (error) {
        if (error instanceof Refused) return error.result as R;
        throw isWriteConflict(error) ? new WriteConflict((error as Error).message, { cause: error }) : error;
      }
    }),
});

/** Runs `work` in one transaction, writes what it appended, and after the commit tells who wants to know. */
export const transact = <T>(platform: PostgresPlatform, actor: Actor, work: (tx: PostgresTx) => Promise<T>): Promise<T> =>
  transactShared(platform, (txOf) => work(txOf(actor)));

/** One transaction for several actors: each event names the one, and the request, whose part of it appended it. */
export async function transactShared<T>(
  { orm, clock, ids, committed }: PostgresPlatform,
  work: (txOf: (actor: Actor) => PostgresTx) => Promise<T>,
): Promise<T> {
  const pending: PendingEvent[] = [];
  const announced = new Set<string>();
  let written: Promise<void> | undefined;
  const result = await orm.em.fork().transactional(async (em: EntityManager) => {
    const sql = await sqlWithin(em);
    const gather = gatherInto(sql);
    const value = await work((actor) => ({
      em,
      sql,
      gather,
      append({ stream, version, restaurantId }, events) {
        const by = { actor: nameOf(actor), traceId: currentRequest()?.traceId ?? null };
        for (const [i, data] of events.entries()) pending.push({ ...by, id: ids.next(), stream, version: version + i + 1, restaurantId, data });
      },
      announce: (type) => void announced.add(type),
    }));
    // Not awaited: it travels with the COMMIT, which undoes everything if it fails.
    if (pending.length > 0) written = writeEvents(sql, pending, clock.now());
    written?.catch(() => undefined);
    return value;
  });
  await written;
  const told = pending.map(({ data, stream, restaurantId }) => ({ type: data.type, stream, restaurantId }));
  for (const type of announced) told.push({ type, stream: type, restaurantId: null });
  if (told.length > 0) committed.emit(told);
  return result;
}
