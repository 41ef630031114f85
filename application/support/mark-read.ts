import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { SupportErrorOf } from '#domain/support/errors.ts';
import { type Speaker, Thread, type ThreadSubject } from '#domain/support/thread.ts';
import type { SupportDeps } from './ports.ts';
import { seatAtOrder, seatAtTicket } from './seat.ts';

export type MarkRead = { readonly subject: ThreadSubject; readonly seq: number };
type Refusal = SupportErrorOf<'support.order_not_found' | 'support.ticket_not_found' | 'support.not_permitted' | 'support.nothing_to_read'>;

/** Remembers how far somebody has read; never less than before. */
export const markRead =
  (deps: Pick<SupportDeps, 'uow' | 'queries' | 'facts' | 'clock'>) =>
  async ({ subject, seq }: MarkRead, actor: Actor): Promise<Result<undefined, Refusal>> => {
    const reader = await readerOf(deps, subject, actor);
    if (!reader.ok) return reader;
    const at = deps.clock.now();
    return deps.uow.run(actor, async ({ threads }) => {
      const thread = await threads.lock(subject);
      if (!thread) return err({ code: 'support.nothing_to_read', lastSeq: 0 });
      const read = Thread.read(thread, reader.value, seq, at);
      if (!read.ok) return read;
      if (read.value) await threads.save(read.value);
      return ok(undefined);
    });
  };

/** Who reads along, whatever it is about. */
export async function readerOf(
  deps: Pick<SupportDeps, 'queries' | 'facts'>,
  { kind, id }: ThreadSubject,
  actor: Actor,
): Promise<Result<Speaker, SupportErrorOf<'support.order_not_found' | 'support.ticket_not_found' | 'support.not_permitted'>>> {
  if (kind === 'order') {
    const seat = await seatAtOrder(deps, id, actor);
    return seat.ok ? ok(seat.value.speaker) : seat;
  }
  const ticket = await deps.queries.ticket(id);
  return ticket ? seatAtTicket(ticket, actor, 'support:read') : err({ code: 'support.ticket_not_found', ticketId: id });
}
