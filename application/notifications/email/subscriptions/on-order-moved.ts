import { distinct } from '#application/shared/distinct.ts';
import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { EMAIL_TEMPLATES, type TemplateName } from '#domain/notifications/email/templates.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import type { Draft } from '../mail-within.ts';
import { orderFacts } from '../order-facts.ts';
import type { MailTx, OrderTold } from './told.ts';

/** The statuses of an order that a mail can tell of, and by which template. */
const TOLD = {
  placed: 'order_confirmation',
  accepted: 'order_accepted',
  ready: 'order_ready',
  out_for_delivery: 'order_out_for_delivery',
  completed: 'order_completed',
  rejected: 'order_rejected',
  cancelled: 'order_cancelled',
  expired: 'order_expired',
} as const satisfies Partial<Record<OrderEvent['to'], TemplateName>>;
export type ToldStatus = keyof typeof TOLD;
export const TOLD_STATUSES = Object.keys(TOLD) as readonly ToldStatus[];
/** What a meal on time needs: nobody is thanked by mail for every tea. */
export const TOLD_BY_DEFAULT: readonly ToldStatus[] = TOLD_STATUSES.filter((status) => status !== 'completed');

type Settings = { readonly told: readonly ToldStatus[]; readonly publicUrl: string };

/** Tells customers what becomes of their orders, once for each status. */
export const onOrderMoved = ({ told: statuses, publicUrl }: Settings): Subscription<MailTx> => ({
  name: 'notifications-order-mails',
  types: statuses.map((status) => `ordering.order_${status}`),
  without: ['order'],
  async on({ mail, told }, events, isReplay) {
    if (isReplay) return;
    const moves = (events as readonly RecordedEvent<OrderEvent>[]).map(({ data, traceId }) => ({ ...data, traceId }));
    const orders = await told.orders(distinct(moves.map(({ orderId }) => orderId)));
    const people = await told.people(distinct(moves.map(({ customerId }) => customerId)));
    const restaurants = await told.restaurants(distinct(moves.map(({ restaurantId }) => restaurantId)));
    const drafts = moves.flatMap((move): Draft[] => {
      const [order, person, restaurant] = [orders.get(move.orderId), people.get(move.customerId), restaurants.get(move.restaurantId)];
      if (!order || !person || !restaurant || !isWorthTelling(move.to, order)) return [];
      const template = TOLD[move.to as ToldStatus];
      const facts = {
        ...orderFacts(order, restaurant, person, publicUrl),
        ...(move.reason !== null && { reason: move.reason }),
        wasPaid: move.from !== 'pending' && order.payment === 'online',
      };
      const expiresAt = move.at + EMAIL_TEMPLATES[template].lifeMs;
      return [{ key: `order:${move.orderId}:${move.to}`, to: person.email, template, facts, expiresAt, traceId: move.traceId }];
    });
    await mail.enqueueAll(drafts);
  },
});

/** "Ready" is for who comes to fetch it: a delivery is told when it leaves, and a table sees it come. */
const isWorthTelling = (status: OrderEvent['to'], { diningOption }: OrderTold): boolean => status !== 'ready' || diningOption === 'takeaway';
