import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Order, Payment } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { CANCELLED, DECLINES, NO_ANSWER } from './declines.ts';
import { Instrument, instrumentOf, saveToken } from './instruments.ts';
import { orderOfLink } from './links.ts';
import { authorize, type Decline, fail } from './payments.ts';
import { type ErrorBody, held, Refusal } from './refusal.ts';

/** What a customer does at the checkout, and what the bank makes of it. */
export const Paying = Instrument.extend({
  order_id: z.string().optional(),
  /** Instead of an order. */
  payment_link_id: z.string().optional(),
  outcome: z.enum(['success', 'failure', 'no_bank_answer', 'late_success', 'cancelled']).default('success'),
  /** Of a failure. */
  reason: z.string().max(60).optional(),
  /** Of a late success. */
  after_seconds: z.number().min(0).optional(),
  /** Of a link that takes parts. */
  amount: z.int().min(100).optional(),
  customer_id: z.string().optional(),
  save: z.boolean().default(false),
  email: z.string().max(100).default('customer@example.com'),
  contact: z.string().max(20).default('+919000090000'),
  ip: z.string().max(60).optional(),
  /** Pays although it is paid, as two tabs may. */
  force: z.boolean().default(false),
});
export type Paying = z.output<typeof Paying>;

/** What the browser gets to know. */
export type Paid = {
  readonly payment_id: string;
  readonly order_id: string;
  readonly status: Payment['status'];
  /** Of the two ids, by the key's secret; null unless the money is there. */
  readonly signature: string | null;
  readonly error: ErrorBody | null;
};

const LATE_S = [11 * 60, 2 * 3_600, Math.round(2.9 * 86_400)] as const;

export function pay(world: World, wanted: Paying): Paid {
  const order =
    wanted.payment_link_id === undefined
      ? held(world.tables.orders, wanted.order_id ?? '')
      : orderOfLink(world, held(world.tables.links, wanted.payment_link_id));
  const subject = `pay ${wanted.method}`;
  const isSecond = wanted.force || world.faults.strike('P2', subject) !== undefined;
  if (!wanted.force) checkOpen(world, order);

  const payment = begin(world, order, wanted);
  carry(world, payment, outcomeOf(world, wanted, subject));
  if (isSecond && !wanted.force && wanted.outcome === 'success') carry(world, begin(world, order, wanted), { kind: 'success' });
  if (wanted.save && wanted.customer_id !== undefined) saveToken(world, wanted.customer_id, payment);
  return paid(world, payment, order);
}

export const signatureOf = (world: World, orderId: string, paymentId: string): string =>
  createHmac('sha256', world.keys.keySecret).update(`${orderId}|${paymentId}`).digest('hex');

function checkOpen(world: World, order: Order): void {
  if (order.status === 'paid') throw new Refusal('Payment already done for this order.', { metadata: { order_id: order.id } });
  const isTaken = [...world.tables.payments.values()].some(({ order_id, status }) => order_id === order.id && status === 'authorized');
  if (isTaken) throw new Refusal('A payment for this order has been authorized already.', { metadata: { order_id: order.id } });
}

function begin(world: World, order: Order, wanted: Paying): Payment {
  const tampered = world.faults.strike('P9', `pay ${wanted.method}`);
  const amount = tampered
    ? (tampered.amount ?? Math.max(100, order.amount - 100))
    : Math.min(wanted.amount ?? (order.amount_due || order.amount), order.amount);
  const payment: Payment = {
    id: world.id('pay'),
    entity: 'payment',
    amount,
    currency: tampered?.currency ?? order.currency,
    base_amount: amount,
    status: 'created',
    order_id: order.id,
    invoice_id: null,
    ...instrumentOf(world, wanted),
    amount_refunded: 0,
    amount_transferred: 0,
    refund_status: null,
    captured: false,
    description: null,
    email: wanted.email,
    contact: wanted.contact,
    ...(wanted.customer_id !== undefined && { customer_id: wanted.customer_id }),
    notes: structuredClone(order.notes),
    fee: null,
    tax: null,
    error_code: null,
    error_description: null,
    error_source: null,
    error_step: null,
    error_reason: null,
    acquirer_data: {},
    created_at: world.now(),
  };
  world.tables.payments.set(payment.id, payment);
  order.attempts += 1;
  if (order.status === 'created') order.status = 'attempted';
  return payment;
}

type Outcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly decline: Decline }
  | { readonly kind: 'silence'; readonly until?: number };

/** What was asked for, unless the instrument, a downtime or a fault has another idea. */
function outcomeOf(world: World, wanted: Paying, subject: string): Outcome {
  const isDown = [...world.tables.downtimes.values()].some(({ method, status }) => method === wanted.method && status === 'started');
  if (isDown || world.faults.strike('P10', subject)) return { kind: 'failure', decline: DECLINES.bank_technical_error };
  if (wanted.outcome === 'cancelled') return { kind: 'failure', decline: CANCELLED };
  if (wanted.outcome === 'failure' || wanted.vpa?.startsWith('failure@')) {
    return {
      kind: 'failure',
      decline: DECLINES[(wanted.reason ?? 'payment_failed') as keyof typeof DECLINES] ?? {
        ...DECLINES.payment_failed,
        reason: wanted.reason ?? 'payment_failed',
      },
    };
  }
  if (wanted.outcome === 'no_bank_answer') return { kind: 'silence' };
  if (wanted.outcome === 'late_success') return { kind: 'silence', until: wanted.after_seconds ?? LATE_S[0] };
  const late = world.faults.strike('P1', subject);
  return late
    ? { kind: 'silence', until: late.seconds ?? LATE_S[Math.floor(world.chance.next() * LATE_S.length)] ?? LATE_S[0] }
    : { kind: 'success' };
}

function carry(world: World, payment: Payment, outcome: Outcome): void {
  if (outcome.kind === 'success') authorize(world, payment);
  else if (outcome.kind === 'failure') fail(world, payment, outcome.decline);
  else {
    world.after(world.settings.noAnswerSeconds, () => fail(world, payment, NO_ANSWER));
    if (outcome.until !== undefined) world.after(outcome.until, () => authorize(world, payment, { late: true }));
  }
}

function paid(world: World, payment: Payment, order: Order): Paid {
  const { id: payment_id, status } = payment;
  const isGood = status === 'authorized' || status === 'captured';
  const error =
    payment.error_code === null
      ? null
      : {
          code: payment.error_code,
          description: payment.error_description ?? '',
          source: payment.error_source ?? 'NA',
          step: payment.error_step ?? 'NA',
          reason: payment.error_reason ?? 'NA',
          metadata: { payment_id, order_id: order.id },
        };
  return { payment_id, order_id: order.id, status, signature: isGood ? signatureOf(world, order.id, payment_id) : null, error };
}
