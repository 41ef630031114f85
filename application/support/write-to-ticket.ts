import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { CannedReply } from '#domain/support/canned-reply.ts';
import type { SupportErrorOf } from '#domain/support/errors.ts';
import type { Message, ThreadSubject } from '#domain/support/thread.ts';
import { Ticket } from '#domain/support/ticket.ts';
import type { SupportDeps } from './ports.ts';
import { say } from './say.ts';
import { seatAtTicket } from './seat.ts';

export type WriteToTicket = {
  readonly ticketId: string;
  /** Own words, or those of a canned reply. */
  readonly words: { readonly text: string } | { readonly cannedReplyId: string };
  readonly isInternal: boolean;
  readonly clientId: string | null;
};
type Refusal = SupportErrorOf<
  'support.ticket_not_found' | 'support.not_permitted' | 'support.ticket_closed' | 'support.staff_only' | 'support.canned_reply_not_found'
>;

/** Asks on, answers, or leaves a note for colleagues. An answer makes the ticket wait for its requester, whose word opens it again. */
export const writeToTicket =
  (deps: Pick<SupportDeps, 'uow' | 'queries' | 'facts' | 'clock' | 'ids'>) =>
  async ({ ticketId, isInternal, clientId, ...command }: WriteToTicket, actor: Actor): Promise<Result<Message, Refusal>> => {
    const { uow, queries, clock, ids } = deps;
    const known = await queries.ticket(ticketId);
    if (!known) return err({ code: 'support.ticket_not_found', ticketId });
    const seat = seatAtTicket(known, actor, 'support:write');
    if (!seat.ok) return seat;
    const speaker = seat.value;
    const isAnswer = speaker.side !== 'customer';
    if (isInternal && !isAnswer) return err({ code: 'support.staff_only' });

    const { restaurantId, requesterId } = known;
    const text = 'text' in command.words ? ok(command.words.text) : await cannedText(deps, known, command.words.cannedReplyId, isAnswer);
    if (!text.ok) return text;
    const [threadId, messageId, at] = [ids.next(), ids.next(), clock.now()];
    const subject: ThreadSubject = { kind: 'ticket', id: ticketId };

    return uow.run(actor, async ({ tickets, threads }) => {
      const ticket = await tickets.lock(ticketId);
      if (!ticket) return err({ code: 'support.ticket_not_found', ticketId });
      const thread = await threads.lock(subject);
      const said = thread && clientId !== null ? await threads.said(thread.id, speaker.accountId, clientId) : undefined;
      if (said) return ok(said);
      const moved = isInternal ? ok({ state: ticket, events: [] }) : isAnswer ? Ticket.answer(ticket, speaker.accountId, at) : Ticket.ask(ticket, at);
      if (!moved.ok) return moved;
      if (moved.value.events.length > 0) await tickets.save(moved.value);
      const words = { id: messageId, text: text.value, isInternal, clientId };
      return ok(await say(threads, { thread, opening: { id: threadId, restaurantId, subject, customerId: requesterId }, speaker, words, at }));
    });
  };

/** The words of a canned reply with the facts of the ticket put in. */
async function cannedText(
  { queries, facts }: Pick<SupportDeps, 'queries' | 'facts'>,
  { restaurantId, requesterId, orderId }: Ticket,
  cannedReplyId: string,
  isAnswer: boolean,
): Promise<Result<string, SupportErrorOf<'support.canned_reply_not_found'>>> {
  const kept = isAnswer ? await queries.cannedReplies(restaurantId) : [];
  const reply = kept.find(({ id }) => id === cannedReplyId);
  if (!reply) return err({ code: 'support.canned_reply_not_found', cannedReplyId });
  const [customer, order] = await Promise.all([facts.nameOf(requesterId), orderId === null ? undefined : facts.order(orderId)]);
  return ok(CannedReply.fill(reply.text, { customer: customer ?? '', order: order === undefined ? '' : String(order.number).padStart(4, '0') }));
}
