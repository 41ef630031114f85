import { type Actor, may, nameOf, type Permission } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { SupportErrorOf } from '#domain/support/errors.ts';
import type { Side, Speaker } from '#domain/support/thread.ts';
import type { Ticket } from '#domain/support/ticket.ts';
import type { OrderFacts, SupportDeps } from './ports.ts';

/** How an actor is written down: an account by its id. */
export const personOf = (actor: Actor): string => (actor.kind === 'account' ? actor.accountId : nameOf(actor));

/** In whose name somebody speaks who may do this in a restaurant or, with null, on the platform; undefined for who may not. */
function sideOf(actor: Actor, permission: Permission, restaurantId: string | null): Side | undefined {
  if (actor.kind === 'account' && restaurantId !== null) {
    const grants = actor.grants.filter((grant) => grant.restaurantId === restaurantId && grant.permissions.includes(permission));
    if (grants.length > 0) return grants.every(({ role }) => role === 'rider') ? 'rider' : 'restaurant';
  }
  return may(actor, permission, restaurantId ?? undefined) ? 'support' : undefined;
}

type AtOrder = { readonly order: OrderFacts; readonly speaker: Speaker };

/** Where somebody sits in the conversation about an order: its customer, or who sees the orders of its restaurant. */
export async function seatAtOrder(
  { facts }: Pick<SupportDeps, 'facts'>,
  orderId: string,
  actor: Actor,
): Promise<Result<AtOrder, SupportErrorOf<'support.order_not_found'>>> {
  const order = await facts.order(orderId);
  if (!order) return err({ code: 'support.order_not_found', orderId });
  const accountId = personOf(actor);
  const side = accountId === order.customerId ? 'customer' : sideOf(actor, 'orders:read', order.restaurantId);
  return side === undefined ? err({ code: 'support.order_not_found', orderId }) : ok({ order, speaker: { accountId, side } });
}

/** Where somebody sits at a ticket. Who may read but not answer is told so; to everybody else there is no such ticket. */
export function seatAtTicket(
  ticket: Ticket,
  actor: Actor,
  permission: 'support:read' | 'support:write',
): Result<Speaker, SupportErrorOf<'support.ticket_not_found' | 'support.not_permitted'>> {
  const accountId = personOf(actor);
  const { id: ticketId, restaurantId, requesterId } = ticket;
  const side = sideOf(actor, permission, restaurantId);
  if (accountId === requesterId) return ok({ accountId, side: 'customer' });
  if (side !== undefined) return ok({ accountId, side });
  const mayRead = sideOf(actor, 'support:read', restaurantId) !== undefined;
  return mayRead ? err({ code: 'support.not_permitted', permission }) : err({ code: 'support.ticket_not_found', ticketId });
}
