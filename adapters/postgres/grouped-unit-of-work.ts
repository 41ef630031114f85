import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';
import { Groups } from '../shared/groups.ts';
import { ofThisRequest } from '../shared/request-context.ts';
import { isOutage } from './outage.ts';
import type { PostgresTx } from './tx.ts';
import { type PostgresPlatform, postgresUnitOfWork, transactShared } from './unit-of-work.ts';

/** `max`: longer transactions keep locks longer, and gain little. `patienceMs`: somebody else may have locked what one group needs. */
const GROUPS = { max: 16, gatherMs: 10, patienceMs: 500 };

type Outcome = Result<unknown, unknown>;
type Member<Tx> = {
  readonly actor: Actor;
  readonly work: (tx: Tx) => Promise<Outcome>;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
};

/** Rolls the shared transaction back: somebody's work was refused, or threw. */
class NotAll {}

/**
 * A unit of work whose works share a transaction with those that wait at the same time: one BEGIN, one COMMIT, one fsync, and
 * what they gather is one statement for all. When a work is refused or throws, nothing of the group was done: the others run
 * again without it, and then it runs by itself, so that the answer it gets is its own.
 *
 * Works of one group do not wait for each other's locks. It is for works that write by statements which hold under that: new
 * rows under their own keys, and conditional updates that move what is asked or tell that they did not.
 */
export function groupedUnitOfWork<Tx>(platform: PostgresPlatform, scope: (tx: PostgresTx) => Tx): UnitOfWork<Tx> {
  const single = postgresUnitOfWork(platform, scope);
  const alone = ({ actor, work, resolve, reject }: Member<Tx>): Promise<void> => single.run(actor, work).then(resolve, reject);

  async function together(members: readonly Member<Tx>[]): Promise<void> {
    if (members.length < 2) return void (await Promise.all(members.map(alone)));
    let ended: readonly PromiseSettledResult<Outcome>[] = [];
    try {
      await transactShared(platform, async (txOf) => {
        ended = await Promise.allSettled(members.map(({ actor, work }) => work(scope(txOf(actor)))));
        if (!ended.every(isDone)) throw new NotAll();
      });
    } catch (error) {
      if (error instanceof NotAll) {
        const [done, others] = [members.filter((_, i) => isDone(ended[i])), members.filter((_, i) => !isDone(ended[i]))];
        await together(done); // First: what came of them may be what the others are told.
        await Promise.all(others.map(alone));
      } else if (isOutage(error)) {
        for (const { reject } of members) reject(error); // The COMMIT may have come through: to run them again could do it twice.
      } else {
        await Promise.all(members.map(alone));
      }
      return;
    }
    for (const [i, { resolve }] of members.entries()) resolve((ended[i] as PromiseFulfilledResult<Outcome>).value);
  }

  const groups = new Groups<Member<Tx>>({ ...GROUPS, serve: together });
  return {
    run: <R extends Outcome>(actor: Actor, work: (tx: Tx) => Promise<R>) =>
      new Promise<R>((resolve, reject) => {
        groups.add({ actor, work: ofThisRequest(work), resolve: resolve as (outcome: Outcome) => void, reject });
      }),
  };
}

const isDone = (ended: PromiseSettledResult<Outcome> | undefined): boolean => ended?.status === 'fulfilled' && ended.value.ok;
