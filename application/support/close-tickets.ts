import type { Job } from '#application/shared/job.ts';
import { nameOf, system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { REOPEN_MS, Ticket } from '#domain/support/ticket.ts';
import type { SupportDeps } from './ports.ts';

const ACTOR = system('close-tickets');
const BATCH = 100;

/** Every hour: closes for ever what was resolved a week ago. */
export const closeTickets = ({ uow, queries, clock }: Pick<SupportDeps, 'uow' | 'queries' | 'clock'>): Job => ({
  name: 'support-close-tickets',
  cron: '17 * * * *',
  async run() {
    const at = clock.now();
    let closed = 0;
    for (let after: string | undefined; ; ) {
      const due = await queries.resolvedBefore(at - REOPEN_MS, after, BATCH);
      for (const ticketId of due) closed += await closeOne(uow, ticketId, at);
      after = due.at(-1);
      if (due.length < BATCH) return closed;
    }
  },
});

async function closeOne(uow: SupportDeps['uow'], ticketId: string, at: number): Promise<number> {
  const { value } = await uow.run(ACTOR, async ({ tickets }) => {
    const ticket = await tickets.lock(ticketId);
    const isDue = ticket?.status === 'resolved' && ticket.resolvedAt !== null && ticket.resolvedAt <= at - REOPEN_MS;
    const closed = isDue ? Ticket.moveTo(ticket, 'closed', nameOf(ACTOR), at) : undefined;
    if (!closed?.ok) return ok(0);
    await tickets.save(closed.value);
    return ok(1);
  });
  return value;
}
