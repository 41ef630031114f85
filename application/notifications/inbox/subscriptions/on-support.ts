import { distinct } from '#application/shared/distinct.ts';
import type { SupportEvent } from '#domain/support/events.ts';
import { telling } from './telling.ts';

const DAY_MS = 24 * 60 * 60_000;
type Sent = Extract<SupportEvent, { readonly type: 'support.message_sent' }>;
type Assigned = Extract<SupportEvent, { readonly type: 'support.ticket_assigned' }>;

/** Tells the other side that somebody has written: the customer, or who answers. */
export const onMessageSent = telling<Sent>('notifications-message-sent', ['support.message_sent'], async (events, told) => {
  const restaurantIds = distinct(events.flatMap(({ restaurantId }) => restaurantId ?? []));
  const restaurants = await told.restaurants(restaurantIds);
  const readersOf = {
    order: await told.holders(restaurantIds, 'orders:accept'),
    ticket: await told.holders(restaurantIds, 'support:write'),
  };
  return ({ restaurantId, subject, customerId, authorId, side, isInternal, at }) => {
    const name = restaurantId === null ? 'Support' : (restaurants.get(restaurantId) ?? 'The restaurant');
    const link = subject.kind === 'order' ? `/orders/${subject.id}/messages` : `/support/tickets/${subject.id}`;
    const about = { restaurantId, category: 'support', isCritical: false, expiresAt: at + DAY_MS, link } as const;
    if (side !== 'customer') {
      return isInternal ? [] : [{ ...about, accountId: customerId, title: `${name} has written to you`, body: 'Read and answer it in the app.' }];
    }
    if (restaurantId === null) return [];
    const title = 'A customer has written';
    return (readersOf[subject.kind].get(restaurantId) ?? [])
      .filter((accountId) => accountId !== authorId)
      .map((accountId) => ({ ...about, accountId, title, body: `${name}: they wait for an answer.`, channels: ['push'] }));
  };
});

/** Tells somebody that a ticket is theirs now; who took it themselves knows. */
export const onTicketAssigned = telling<Assigned>('notifications-ticket-assigned', ['support.ticket_assigned'], async () => (event) => {
  const { ticketId, restaurantId, assigneeId, by, at } = event;
  if (assigneeId === null || assigneeId === by) return [];
  const about = { restaurantId, category: 'support', isCritical: false, expiresAt: at + DAY_MS, link: `/support/tickets/${ticketId}` } as const;
  return [{ ...about, accountId: assigneeId, title: 'A ticket is yours now', body: 'Somebody gave it to you to answer.' }];
});
