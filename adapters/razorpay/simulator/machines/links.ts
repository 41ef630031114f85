import type { Link, Notes, Order, Payment } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { createOrder } from './orders.ts';
import { Refusal } from './refusal.ts';

export type NewLink = {
  readonly amount: number;
  readonly currency: string;
  readonly accept_partial?: boolean | undefined;
  readonly first_min_partial_amount?: number | undefined;
  readonly reference_id?: string | undefined;
  readonly description?: string | undefined;
  readonly expire_by?: number | undefined;
  readonly customer?: Record<string, string> | undefined;
  readonly notify?: { readonly email?: boolean | undefined; readonly sms?: boolean | undefined; readonly whatsapp?: boolean | undefined } | undefined;
  readonly reminder_enable?: boolean | undefined;
  readonly notes?: Notes | undefined;
  readonly callback_url?: string | undefined;
  readonly callback_method?: string | undefined;
  readonly upi_link?: boolean | undefined;
};

const EXPIRY_MIN_S = 15 * 60;

export function createLink(world: World, wanted: NewLink): Link {
  const reference = wanted.reference_id ?? '';
  if (reference !== '' && [...world.tables.links.values()].some(({ reference_id }) => reference_id === reference)) {
    throw new Refusal(`payment link with given reference_id (${reference}) already exists`, { field: 'reference_id' });
  }
  if (wanted.expire_by !== undefined && wanted.expire_by < world.now() + EXPIRY_MIN_S) {
    throw new Refusal('expire_by should be at least 15 minutes after current time', { field: 'expire_by' });
  }
  const id = world.id('plink');
  const made: Link = {
    id,
    accept_partial: wanted.accept_partial ?? false,
    amount: wanted.amount,
    amount_paid: 0,
    callback_method: wanted.callback_method ?? '',
    callback_url: wanted.callback_url ?? '',
    cancelled_at: 0,
    created_at: world.now(),
    currency: wanted.currency,
    customer: wanted.customer ?? {},
    description: wanted.description ?? '',
    expire_by: wanted.expire_by ?? 0,
    expired_at: 0,
    first_min_partial_amount: wanted.first_min_partial_amount ?? 0,
    notes: wanted.notes ?? null,
    notify: { email: wanted.notify?.email ?? false, sms: wanted.notify?.sms ?? false, whatsapp: wanted.notify?.whatsapp ?? false },
    order_id: null,
    payments: null,
    reference_id: reference,
    reminder_enable: wanted.reminder_enable ?? false,
    reminders: [],
    short_url: `${world.publicUrl}/checkout/${id}`,
    status: 'created',
    upi_link: wanted.upi_link ?? false,
    updated_at: world.now(),
    user_id: '',
  };
  world.tables.links.set(id, made);
  if (made.expire_by > 0) world.timeline.at(made.expire_by * 1_000, () => expire(world, made));
  return made;
}

function expire(world: World, link: Link): void {
  if (world.now() < link.expire_by || (link.status !== 'created' && link.status !== 'partially_paid')) return;
  Object.assign(link, { status: 'expired', expired_at: world.now(), updated_at: world.now() });
  world.webhooks.emit('payment_link.expired', { payment_link: link });
}

export function cancelLink(world: World, link: Link): Link {
  if (link.status !== 'created') throw new Refusal(`Payment link cannot be cancelled as it is ${link.status}`);
  Object.assign(link, { status: 'cancelled', cancelled_at: world.now(), updated_at: world.now() });
  world.webhooks.emit('payment_link.cancelled', { payment_link: link });
  return link;
}

export type LinkChange = {
  readonly accept_partial?: boolean | undefined;
  readonly reference_id?: string | undefined;
  readonly expire_by?: number | undefined;
  readonly notes?: Notes | undefined;
  readonly reminder_enable?: boolean | undefined;
};

export function changeLink(world: World, link: Link, change: LinkChange): Link {
  if (link.status !== 'created' && link.status !== 'partially_paid') throw new Refusal(`Payment link cannot be changed as it is ${link.status}`);
  for (const [field, value] of Object.entries(change)) if (value !== undefined) Object.assign(link, { [field]: value });
  link.updated_at = world.now();
  if (change.expire_by !== undefined && change.expire_by > 0) world.timeline.at(change.expire_by * 1_000, () => expire(world, link));
  return link;
}

/** The order that a link is paid through, made when somebody first opens it. */
export function orderOfLink(world: World, link: Link): Order {
  if (link.status !== 'created' && link.status !== 'partially_paid') throw new Refusal(`Payment link is ${link.status}`);
  const known = link.order_id === null ? undefined : world.tables.orders.get(link.order_id);
  if (known) return known;
  const order = createOrder(world, { amount: link.amount, currency: link.currency, notes: link.notes ?? [], payment: { capture: 'automatic' } });
  link.order_id = order.id;
  return order;
}

/** Money came for an order; if it is a link's, the link has been paid. */
export function linkPaid(world: World, payment: Payment, order: Order): void {
  const link = [...world.tables.links.values()].find(({ order_id }) => order_id === order.id);
  if (!link) return;
  const { id: payment_id, amount, method } = payment;
  const at = world.now();
  link.payments = [...(link.payments ?? []), { amount, created_at: at, method, payment_id, plink_id: link.id, status: 'captured', updated_at: at }];
  link.amount_paid += amount;
  link.status = link.amount_paid >= link.amount ? 'paid' : 'partially_paid';
  link.updated_at = at;
  world.webhooks.emit(`payment_link.${link.status}`, { payment_link: link, order, payment });
}
