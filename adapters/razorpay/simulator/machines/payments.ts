import type { Order, Payment } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { feeOf, post } from './books.ts';
import { decide, dispute } from './disputes.ts';
import { linkPaid } from './links.ts';
import { receive } from './orders.ts';
import { refundHere, returnUncaptured } from './refunds.ts';
import { Refusal } from './refusal.ts';
import { transferPlanned } from './transfers.ts';

const DAY_S = 86_400;

export type Decline = {
  readonly description: string;
  readonly source: string;
  readonly step: string;
  readonly reason: string;
  readonly code?: string;
};

/** The bank said yes: at once, or long after it seemed to have said no. */
export function authorize(world: World, payment: Payment, { late = false } = {}): void {
  if (payment.status !== 'created' && payment.status !== 'failed') return;
  payment.status = 'authorized';
  if (late) payment.late_authorized = true;
  Object.assign(payment, { error_code: null, error_description: null, error_source: null, error_step: null, error_reason: null });
  payment.acquirer_data = acquirerData(world, payment);
  world.webhooks.emit('payment.authorized', { payment });

  const order = orderOf(world, payment);
  const terms = order && world.tables.terms.get(order.id);
  if (order?.status === 'paid' && world.settings.autoRefundSecondSuccess) {
    world.after(1, () => returnUncaptured(world, payment));
    return;
  }
  const isInTime = world.now() <= payment.created_at + (terms?.automaticMinutes ?? 0) * 60;
  const isLeft = world.faults.strike('P3', `authorize ${payment.method}`);
  if ((terms?.capture ?? world.settings.capture) === 'automatic' && isInTime && !isLeft) {
    capture(world, payment);
    return;
  }
  const minutes = terms?.manualMinutes ?? world.settings.autoRefundDays * 24 * 60;
  world.timeline.at(Math.max(world.timeline.now() + 1_000, (payment.created_at + minutes * 60) * 1_000), () => returnUncaptured(world, payment));
}

/** The bank said no, or nothing for too long. */
export function fail(world: World, payment: Payment, { code = 'BAD_REQUEST_ERROR', description, source, step, reason }: Decline): void {
  if (payment.status !== 'created') return;
  payment.status = 'failed';
  Object.assign(payment, { error_code: code, error_description: description, error_source: source, error_step: step, error_reason: reason });
  world.webhooks.emit('payment.failed', { payment });
}

/** What a caller may ask for; the machine itself captures without asking. */
export function captureAsked(world: World, payment: Payment, amount: number, currency: string | undefined): Payment {
  const about = { field: 'amount', metadata: { payment_id: payment.id } };
  if (payment.status === 'captured' || (payment.status === 'refunded' && payment.captured))
    throw new Refusal('This payment has already been captured', about);
  if (payment.status !== 'authorized') throw new Refusal('Only payments which have been authorized and not yet captured can be captured', about);
  if (amount !== payment.amount) throw new Refusal('Capture amount must be equal to the amount authorized', about);
  if (currency !== undefined && currency !== payment.currency) throw new Refusal('The currency does not match that of the payment', about);
  if (world.faults.strike('P6', 'capture')) throw new Refusal('The payment could not be captured', about);
  capture(world, payment);
  return payment;
}

function capture(world: World, payment: Payment): void {
  const { fee, tax } = feeOf(payment.amount, world.settings.feeRate, world.settings.taxRate);
  Object.assign(payment, { status: 'captured', captured: true, fee, tax });
  post(world, {
    entity_id: payment.id,
    type: 'payment',
    amount: payment.amount,
    credit: payment.amount - fee,
    currency: payment.currency,
    fee,
    tax,
    payment,
  });
  const order = orderOf(world, payment);
  if (order) receive(order, payment.amount);
  world.webhooks.emit('payment.captured', { payment });
  if (order?.status === 'paid') world.webhooks.emit('order.paid', { payment, order });
  if (order) {
    transferPlanned(world, payment, world.tables.terms.get(order.id)?.transfers ?? []);
    linkPaid(world, payment, order);
  }
  elsewhere(world, payment);
}

/** What others may do to captured money, and we learn later. */
function elsewhere(world: World, payment: Payment): void {
  const refunded = world.faults.strike('P5', 'capture');
  if (refunded) world.after(refunded.seconds ?? 600, () => refundHere(world, payment, refunded.amount));
  const disputed = world.faults.strike('P7', 'capture');
  if (disputed) {
    const opened = disputed.seconds ?? 5 * DAY_S;
    world.after(opened, () => {
      const made = dispute(world, { payment_id: payment.id });
      world.after(21 * DAY_S, () => {
        if (made.status === 'open' || made.status === 'under_review') decide(world, made.id, 'lost');
      });
    });
  }
}

export const orderOf = (world: World, { order_id }: Payment): Order | undefined =>
  order_id === null ? undefined : world.tables.orders.get(order_id);

function acquirerData(world: World, { method }: Payment): Record<string, string | null> {
  const digits = String(Math.floor(world.chance.between(1e11, 1e12)));
  if (method === 'card' || method === 'emi') return { auth_code: digits.slice(0, 6) };
  if (method === 'upi') return { rrn: digits, upi_transaction_id: world.chance.text(32).toUpperCase() };
  if (method === 'netbanking') return { bank_transaction_id: digits.slice(0, 7) };
  return { transaction_id: null };
}
