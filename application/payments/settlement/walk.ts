import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { ProviderPage, ProviderReply } from '../provider.ts';
import type { SettlementDeps, Walk } from './ports.ts';

const ACTOR = system('provider-books');
export const DAY_MS = 24 * 60 * 60_000;
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

type Steps<T> = {
  /** Which pages, and of which day's run: a run that is over is not walked again. */
  readonly id: string;
  page(after: string | null): Promise<ProviderReply<ProviderPage<T>>>;
  /** Takes one thing, in a transaction of its own; what it was counts under this name. It must be safe to repeat. */
  take(thing: T): Promise<string | undefined>;
  /** After all things of a page were taken. */
  turn?(things: readonly T[]): Promise<void>;
};

/**
 * Takes all things of a provider's list, page after page. Where it has got to is kept after every page, so that one that died, or
 * whose provider did not answer, goes on from there; the things of one page may be taken twice. One that cannot be taken is counted
 * and does not keep the others waiting. Answers how many were taken, and whether that was the end.
 */
export async function walk<T>({ uow, payments }: Pick<SettlementDeps, 'uow' | 'payments'>, { id, page, take, turn }: Steps<T>) {
  const { clock, log } = payments.runtime;
  const known = await uow.run(ACTOR, async (tx) => ok(await tx.walks.find(id)));
  let state: Walk = known.value ?? { id, after: null, isDone: false, counts: {}, at: clock.now() };
  let taken = 0;
  while (!state.isDone) {
    const reply = await page(state.after);
    if (reply.outcome !== 'succeeded') {
      log.warn('a provider did not answer for its books', { walk: id, outcome: reply.outcome });
      break;
    }
    const counts: Record<string, number> = { ...state.counts };
    for (const thing of reply.value.data) {
      const name = await take(thing).catch((error: unknown) => {
        log.error('something in the books of a provider could not be taken', { walk: id, error });
        return 'failed';
      });
      if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
      taken += 1;
    }
    await turn?.(reply.value.data);
    const { next } = reply.value;
    const reached: Walk = { id, after: next, isDone: next === null, counts, at: clock.now() };
    await uow.run(ACTOR, async (tx) => ok(await tx.walks.save(reached)));
    if (reached.isDone) log.info('the books of a provider were gone through', { walk: id, ...counts });
    state = reached;
  }
  return { taken, isDone: state.isDone };
}
