import type { Actor } from '#domain/shared/actor.ts';
import type { Change } from '#domain/shared/change.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { SupportError, SupportErrorOf } from '#domain/support/errors.ts';
import type { TicketEvent } from '#domain/support/events.ts';
import { Ticket, type TicketStatus } from '#domain/support/ticket.ts';
import type { SupportDeps } from './ports.ts';
import { personOf, seatAtTicket } from './seat.ts';

type Deps = Pick<SupportDeps, 'uow' | 'queries' | 'facts' | 'clock'>;
type Refused = SupportErrorOf<'support.ticket_not_found' | 'support.not_permitted'>;
type Decide<E> = (ticket: Ticket, by: string, at: number) => Result<Change<Ticket, TicketEvent> | undefined, E>;

export type AssignTicket = { readonly ticketId: string; readonly assigneeId: string | null };
export type SortTicket = { readonly ticketId: string } & Partial<Pick<Ticket, 'category' | 'priority'>>;
export type MoveTicket = { readonly ticketId: string; readonly to: TicketStatus };

/** Gives a ticket to somebody who may answer it, or to nobody. */
export const assignTicket =
  (deps: Deps) =>
  async (
    { ticketId, assigneeId }: AssignTicket,
    actor: Actor,
  ): Promise<Result<Ticket, Refused | SupportErrorOf<'support.ticket_closed' | 'support.assignee_cannot_answer'>>> => {
    const ticket = await deps.queries.ticket(ticketId);
    const mayAnswer = !ticket || assigneeId === null || (await deps.facts.mayAnswer(assigneeId, ticket.restaurantId));
    return changed<SupportErrorOf<'support.ticket_closed' | 'support.assignee_cannot_answer'>>(deps, ticketId, actor, (found, by, at) => {
      if (assigneeId !== null && !mayAnswer) return err({ code: 'support.assignee_cannot_answer', assigneeId });
      return Ticket.assign(found, assigneeId, by, at);
    });
  };

export const sortTicket =
  (deps: Deps) =>
  ({ ticketId, ...to }: SortTicket, actor: Actor) =>
    changed(deps, ticketId, actor, (ticket, _by, at) => Ticket.sort(ticket, to, at));

/** Resolves a ticket, takes it up again, or has it wait. What is so already stays so. */
export const moveTicket =
  (deps: Deps) =>
  ({ ticketId, to }: MoveTicket, actor: Actor) =>
    changed(deps, ticketId, actor, (ticket, by, at) => (ticket.status === to ? ok(undefined) : Ticket.moveTo(ticket, to, by, at)));

/** One change by somebody who may answer. Requesters only write. */
async function changed<E extends SupportError>(
  { uow, clock }: Deps,
  ticketId: string,
  actor: Actor,
  decide: Decide<E>,
): Promise<Result<Ticket, E | Refused>> {
  const at = clock.now();
  return uow.run(actor, async ({ tickets }): Promise<Result<Ticket, E | Refused>> => {
    const ticket = await tickets.lock(ticketId);
    if (!ticket) return err({ code: 'support.ticket_not_found', ticketId });
    const seat = seatAtTicket(ticket, actor, 'support:write');
    if (!seat.ok) return seat;
    if (seat.value.side === 'customer') return err({ code: 'support.not_permitted', permission: 'support:write' });
    const decided = decide(ticket, personOf(actor), at);
    if (!decided.ok) return decided;
    if (!decided.value) return ok(ticket);
    await tickets.save(decided.value);
    return ok({ ...decided.value.state, version: ticket.version + decided.value.events.length });
  });
}
