import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { SupportErrorOf } from '#domain/support/errors.ts';
import { Ticket, type TicketCategory } from '#domain/support/ticket.ts';
import type { SupportDeps } from './ports.ts';
import { say } from './say.ts';
import { personOf } from './seat.ts';

export type OpenTicket = {
  /** An order of their own; its restaurant answers. */
  readonly orderId: string | null;
  /** Who is to answer where it is about no order; null: the platform. */
  readonly restaurantId: string | null;
  readonly title: string;
  readonly text: string;
  readonly category: TicketCategory;
};
type Refusal = SupportErrorOf<'support.order_not_found' | 'support.restaurant_not_found' | 'support.too_many_tickets'>;

/** So many may wait for an answer to one person at a time. */
const UNRESOLVED_MAX = 20;

export const openTicket =
  (deps: Pick<SupportDeps, 'uow' | 'queries' | 'facts' | 'clock' | 'ids'>) =>
  async ({ orderId, text, title, category, ...command }: OpenTicket, actor: Actor): Promise<Result<Ticket, Refusal>> => {
    const { uow, queries, clock, ids } = deps;
    const requesterId = personOf(actor);
    const place = await placeOf(deps, { ...command, orderId }, requesterId);
    if (!place.ok) return place;
    if ((await queries.unresolvedOf(requesterId)) >= UNRESOLVED_MAX) return err({ code: 'support.too_many_tickets', limit: UNRESOLVED_MAX });

    const restaurantId = place.value;
    const [ticketId, threadId, messageId, at] = [ids.next(), ids.next(), ids.next(), clock.now()];
    const facts = { restaurantId, requesterId, orderId, title, category, openedAt: at };
    const opened = Ticket.open(ticketId, { ...facts, priority: category === 'payment' ? 'high' : 'normal' });
    return uow.run(actor, async ({ tickets, threads }) => {
      await tickets.save(opened);
      await say(threads, {
        thread: undefined,
        opening: { id: threadId, restaurantId, subject: { kind: 'ticket', id: ticketId }, customerId: requesterId },
        speaker: { accountId: requesterId, side: 'customer' },
        words: { id: messageId, text, isInternal: false, clientId: null },
        at,
      });
      return ok({ ...opened.state, version: opened.events.length });
    });
  };

/** The restaurant that is to answer, null for the platform. */
async function placeOf(
  { facts }: Pick<SupportDeps, 'facts'>,
  { orderId, restaurantId }: Pick<OpenTicket, 'orderId' | 'restaurantId'>,
  requesterId: string,
): Promise<Result<string | null, Refusal>> {
  if (orderId !== null) {
    const order = await facts.order(orderId);
    const isTheirs = order?.customerId === requesterId && (restaurantId === null || restaurantId === order.restaurantId);
    return isTheirs ? ok(order.restaurantId) : err({ code: 'support.order_not_found', orderId });
  }
  const isThere = restaurantId === null || (await facts.hasRestaurant(restaurantId));
  return isThere ? ok(restaurantId) : err({ code: 'support.restaurant_not_found', restaurantId });
}
