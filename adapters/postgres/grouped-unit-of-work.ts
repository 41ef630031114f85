import { AsyncResource } from 'node:async_hooks';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';
import { isOutage } from './outage.ts';
import type { PostgresTx } from './tx.ts';
import { type PostgresPlatform, postgresUnitOfWork, transactShared } from './unit-of-work.ts';

/** How many works share a transaction at most. */
const GROUP_MAX = 16;
/** A group that waits for somebody's lock does not keep those behind it waiting for longer. */
const PATIENCE_MS = 50;

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
 * what they gather is one statement for all. When a work is refused or throws, nothing of the group was done: that work runs
 * again by itself, so the answer it gets is its own, and the others without it.
 *
 * Works of one group do not wait for each other's locks. It is for works that write by statements which hold under that: new
 * rows under their own keys, and conditional updates that move what is asked or tell that they did not.
 */
export function groupedUnitOfWork<Tx>(platform: PostgresPlatform, scope: (tx: PostgresTx) => Tx): UnitOfWork<Tx> {
  const single = postgresUnitOfWork(platform, scope);
  const waiting: Member<Tx>[] = [];
  let isServing = false;

  const alone = ({ actor, work, resolve, reject }: Member<Tx>): Promise<void> => single.run(actor, work).then(resolve, reject);

  async function together(members: readonly Member<Tx>[]): Promise<void> {
    if (members.length < 2) return void (await Promise.all(members.map(alone)));
    let ended: readonly PromiseSettledResult<Outcome>[] = [];
    try {
      await transactShared(platform, async (txOf) => {
        ended = await Promise.allSettled(members.map(({ actor, work }) => work(scope(txOf(actor)))));
        if (!ended.every(isDone)) throw new NotAll();
      });
      for (const [i, { resolve }] of members.entries()) resolve((ended[i] as PromiseFulfilledResult<Outcome>).value);
    } catch (error) {
      if (error instanceof NotAll) {
        const done = members.filter((_, i) => isDone(ended[i]));
        await Promise.all([...members.filter((member) => !done.includes(member)).map(alone), together(done)]);
      } else if (isOutage(error)) {
        for (const { reject } of members) reject(error); // The COMMIT may have come through: to run them again could do it twice.
      } else {
        await Promise.all(members.map(alone));
      }
    }
  }

  async function serve(): Promise<void> {
    isServing = true;
    while (waiting.length > 0) await forAWhile(together(waiting.splice(0, GROUP_MAX)));
    isServing = false;
  }

  return {
    run: <R extends Outcome>(actor: Actor, work: (tx: Tx) => Promise<R>) =>
      new Promise<R>((resolve, reject) => {
        // Bound to the request it came with, whoever's turn it is that runs it.
        waiting.push({ actor, work: AsyncResource.bind(work), resolve: resolve as (outcome: Outcome) => void, reject });
        if (!isServing) void serve();
      }),
  };
}

const isDone = (ended: PromiseSettledResult<Outcome> | undefined): boolean => ended?.status === 'fulfilled' && ended.value.ok;

async function forAWhile(served: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const impatient = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([served, impatient]);
  clearTimeout(timer);
}
