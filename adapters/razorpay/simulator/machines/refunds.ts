import type { Notes, Payment, Refund } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { balanceOf, post } from './books.ts';
import { Refusal } from './refusal.ts';
import { reverseAll } from './transfers.ts';

export type NewRefund = {
  readonly amount?: number | undefined;
  readonly speed?: 'normal' | 'optimum' | undefined;
  readonly notes?: Notes | undefined;
  readonly receipt?: string | null | undefined;
  readonly reverse_all?: boolean | 0 | 1 | undefined;
};

const SIX_MONTHS_S = 180 * 86_400;
const FIVE_DAYS_S = 5 * 86_400;

/** What a caller may ask for. */
export function refundAsked(world: World, payment: Payment, wanted: NewRefund): Refund {
  const about = { field: 'amount', metadata: { payment_id: payment.id } };
  if (!payment.captured) throw new Refusal('The payment status should be captured for action to be taken', about);
  const left = payment.amount - payment.amount_refunded;
  if (left === 0) throw new Refusal('The payment has been fully refunded already', about);
  const amount = wanted.amount ?? left;
  if (amount > payment.amount) throw new Refusal('The refund amount provided is greater than amount captured', about);
  if (amount > left) throw new Refusal('The sum of amount requested for refund is greater than the available amount', about);
  if (world.now() - payment.created_at > SIX_MONTHS_S) throw new Refusal('The payment is older than six months and cannot be refunded', about);
  if (balanceOf(world) < amount) {
    throw new Refusal('Your account does not have enough balance to carry out the refund operation.', { ...about, reason: 'insufficient_balance' });
  }
  if (wanted.reverse_all) reverseAll(world, payment);
  return refund(world, payment, { ...wanted, amount });
}

/** As someone would at the dashboard: nothing of it says that it was us. */
export function refundHere(world: World, payment: Payment, amount?: number): Refund | undefined {
  const left = payment.amount - payment.amount_refunded;
  return payment.captured && left > 0 ? refund(world, payment, { amount: Math.min(left, amount ?? left) }) : undefined;
}

function refund(world: World, payment: Payment, { amount, speed, notes, receipt }: NewRefund & { readonly amount: number }): Refund {
  const isInstant = speed === 'optimum' && world.settings.instantRefunds;
  const made = newRefund(world, payment, { amount, speed, notes, receipt }, 'pending', isInstant ? 'instant' : 'normal');
  spend(payment, amount);
  post(world, { entity_id: made.id, type: 'refund', amount, debit: amount, currency: made.currency, payment });
  world.webhooks.emit('refund.created', { refund: made, payment });
  if (speed === 'optimum' && !isInstant) world.webhooks.emit('refund.speed_changed', { refund: made, payment });

  const doomed = world.faults.strike('P4', 'refund');
  if (doomed) world.after(doomed.seconds ?? FIVE_DAYS_S, () => failRefund(world, made));
  else world.after(isInstant ? 1 : world.settings.refundSeconds, () => process(world, made));
  return made;
}

function process(world: World, refund: Refund): void {
  if (refund.status !== 'pending') return;
  refund.status = 'processed';
  refund.acquirer_data = { arn: String(Math.floor(world.chance.between(1e11, 1e12))) };
  world.webhooks.emit('refund.processed', { refund, payment: world.tables.payments.get(refund.payment_id) as Payment });
}

export function failRefund(world: World, refund: Refund): void {
  if (refund.status !== 'pending') return;
  refund.status = 'failed';
  const payment = world.tables.payments.get(refund.payment_id) as Payment;
  if (world.settings.restoreAfterFailedRefund) spend(payment, -refund.amount);
  post(world, {
    entity_id: refund.id,
    type: 'adjustment',
    amount: refund.amount,
    credit: refund.amount,
    currency: refund.currency,
    payment,
    description: 'Refund failed',
  });
  world.webhooks.emit('refund.failed', { refund, payment });
}

/** Authorised money that nobody took goes back by itself. */
export function returnUncaptured(world: World, payment: Payment): void {
  if (payment.status !== 'authorized') return;
  const made = newRefund(world, payment, { amount: payment.amount }, 'processed', 'normal');
  Object.assign(payment, { status: 'refunded', amount_refunded: payment.amount, refund_status: 'full' });
  world.webhooks.emit('refund.created', { refund: made, payment });
  world.webhooks.emit('refund.processed', { refund: made, payment });
}

function newRefund(
  world: World,
  payment: Payment,
  wanted: NewRefund & { readonly amount: number },
  status: Refund['status'],
  speed: Refund['speed_processed'],
): Refund {
  const made: Refund = {
    id: world.id('rfnd'),
    entity: 'refund',
    amount: wanted.amount,
    currency: payment.currency,
    payment_id: payment.id,
    notes: wanted.notes ?? [],
    receipt: wanted.receipt ?? null,
    acquirer_data: { arn: null },
    created_at: world.now(),
    batch_id: null,
    status,
    speed_processed: speed,
    speed_requested: wanted.speed ?? 'normal',
  };
  world.tables.refunds.set(made.id, made);
  return made;
}

/** The money is spoken for from the moment the refund exists. */
function spend(payment: Payment, amount: number): void {
  payment.amount_refunded += amount;
  const { amount_refunded: refunded } = payment;
  payment.refund_status = refunded === 0 ? null : refunded === payment.amount ? 'full' : 'partial';
  payment.status = payment.refund_status === 'full' ? 'refunded' : 'captured';
}
