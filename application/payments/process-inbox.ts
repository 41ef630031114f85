import type { Job } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { applyWithin, contextOf } from './apply-facts.ts';
import type { InboxOutcome, PaymentsDeps, ReceivedEvent } from './ports.ts';
import { applyTransfers } from './settlement/save-payout.ts';

const BATCH = 50;
const ROUNDS_MAX = 100;
const TRIES_MAX = 8;
const retryMs = (tries: number): number => 5_000 * 2 ** tries;

type Deps = Pick<PaymentsDeps, 'uow' | 'queries' | 'providers' | 'settings' | 'runtime'>;

/** Takes what providers sent to the payments it is about, each event once. One that fails waits its turn again, and is parked in the end. */
export const processInbox = (deps: Deps): Job => ({
  name: 'payments-inbox',
  cron: '* * * * *',
  async run() {
    const { clock, log } = deps.runtime;
    let done = 0;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const due = await deps.queries.dueEvents(clock.now(), BATCH);
      for (const { processor, eventId } of due) {
        await processEvent(deps, processor, eventId).catch((error: unknown) => {
          log.error('a webhook could not be taken in', { processor, eventId, error });
          return postpone(deps, processor, eventId, error);
        });
        done += 1;
      }
      if (due.length < BATCH) break;
    }
    return done;
  },
});

const actorOf = (processor: string) => system(`webhook:${processor}`);

/** A webhook may overtake the answer it belongs to: what is about nothing of ours yet is looked at again before it is let go. */
const processEvent = (deps: Deps, processor: string, eventId: string) => {
  const context = contextOf(deps);
  return deps.uow.run(actorOf(processor), async (tx) => {
    const event = await tx.inbox.lock(processor, eventId);
    if (!event) return err('done');
    const facts = deps.providers.get(processor)?.readWebhook(event.body, eventId)?.facts ?? [];
    const payment = await applyWithin(tx, { processor, facts }, context);
    const payouts = await applyTransfers(tx, { processor, facts }, context.at);
    await tx.inbox.settle(processor, eventId, outcomeOf(event, facts.length, payment !== undefined || payouts > 0, context.at));
    return ok(undefined);
  });
};

function outcomeOf({ tries }: ReceivedEvent, facts: number, isOurs: boolean, at: number): InboxOutcome {
  if (facts === 0) return { status: 'processed', detail: 'it tells nothing that we keep', at };
  if (isOurs) return { status: 'processed', detail: null, at };
  const detail = 'it is about no payment of ours';
  return tries + 1 >= TRIES_MAX ? { status: 'unmatched', detail, at } : { status: 'received', detail, dueAt: at + retryMs(tries) };
}

const postpone = ({ uow, runtime: { clock } }: Deps, processor: string, eventId: string, error: unknown) =>
  uow.run(actorOf(processor), async (tx) => {
    const event = await tx.inbox.lock(processor, eventId);
    if (!event) return err('done');
    const detail = error instanceof Error ? error.message.slice(0, 500) : String(error);
    const at = clock.now();
    const isOver = event.tries + 1 >= TRIES_MAX;
    await tx.inbox.settle(
      processor,
      eventId,
      isOver ? { status: 'parked', detail, at } : { status: 'received', detail, dueAt: at + retryMs(event.tries) },
    );
    return ok(undefined);
  });
