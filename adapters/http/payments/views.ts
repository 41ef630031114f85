import { z } from 'zod';
import { isByHand } from '#application/payments/save-payment.ts';
import type { ChargeFact } from '#domain/payments/facts.ts';
import { CHARGE_STATUSES, DISPUTE_STATUSES, PAYMENT_METHODS } from '#domain/payments/facts.ts';
import { type Attempt, CHANNELS, PAYMENT_STATUSES, Payment, unpaidShares } from '#domain/payments/payment.ts';
import { REFUND_REASONS, REFUND_STATUSES, type Refund } from '#domain/payments/refund.ts';
import { sumOfShares } from '#domain/payments/shares.ts';
import { type Actor, may } from '#domain/shared/actor.ts';
import { Id, InstantView, MoneyView } from '../schemas.ts';
import { FailureView, failureNamed, failureView } from './failures.ts';

/** What only those see who may read the restaurant's payments: absent from what customers get. */
const staffOnly = <T extends z.ZodType>(schema: T) => schema.optional().meta({ description: 'For staff only.' });

const AttemptView = z.object({
  id: Id,
  channel: z.enum(CHANNELS),
  status: z
    .enum(['opening', 'open', 'failed', 'closed'])
    .meta({ description: 'Whether this way to pay could be opened; what was paid there is in `charges`, and `due` says what is still to pay' }),
  failure: FailureView.nullable(),
  at: InstantView,
  /** What to quote with a bank transfer; of other channels, the provider's name for it. */
  reference: z.string().nullable().optional(),
  /** Of a link. */
  url: z.string().nullable(),
  processor: staffOnly(z.string()),
  waitsForApproval: staffOnly(z.boolean()),
});
const ChargeView = z.object({
  method: z.enum(PAYMENT_METHODS).nullable(),
  label: z.string().nullable(),
  status: z.enum(CHARGE_STATUSES),
  amount: MoneyView,
  failure: FailureView.nullable(),
  at: InstantView,
  id: staffOnly(z.string()),
  processor: staffOnly(z.string()),
  isInternational: staffOnly(z.boolean()),
  fee: staffOnly(MoneyView.nullable()),
  feeTax: staffOnly(MoneyView.nullable()),
});
export const RefundView = z.object({
  id: z.string(),
  amount: MoneyView,
  reason: z.enum(REFUND_REASONS),
  status: z.enum(REFUND_STATUSES),
  lines: z.array(z.object({ line: z.int(), quantity: z.int() })),
  at: InstantView,
  note: staffOnly(z.string().nullable()),
  isByHand: staffOnly(z.boolean()),
});
const DisputeView = z.object({
  id: z.string(),
  amount: MoneyView,
  deducted: MoneyView,
  status: z.enum(DISPUTE_STATUSES),
  phase: z.string(),
  reason: z.string(),
  respondBy: InstantView.nullable(),
  at: InstantView,
});
export const PaymentView = z.object({
  id: Id,
  orderId: Id,
  restaurantId: Id,
  customerId: Id,
  status: z.enum(PAYMENT_STATUSES),
  amount: MoneyView,
  due: MoneyView,
  captured: MoneyView,
  refunded: MoneyView,
  reserved: MoneyView,
  refundable: MoneyView,
  fees: staffOnly(MoneyView),
  attempts: z.array(AttemptView),
  charges: z.array(ChargeView),
  refunds: z.array(RefundView),
  disputes: staffOnly(z.array(DisputeView)),
  openedAt: InstantView,
  version: z.int(),
});

/** Whether the actor sees what customers do not. */
const seesBooks = (actor: Actor, { restaurantId }: Payment): boolean => may(actor, 'payments:read', restaurantId);

export function paymentView(payment: Payment, actor: Actor): z.input<typeof PaymentView> {
  const { id, orderId, restaurantId, customerId, openedAt, version, currency, observed } = payment;
  const isStaff = seesBooks(actor, payment);
  const money = (amount: number) => ({ amount, currency });
  const { captured, refunded, reserved, fees } = Payment.standing(payment);
  return {
    id,
    orderId,
    restaurantId,
    customerId,
    status: Payment.statusOf(payment),
    amount: money(payment.amount),
    due: money(sumOfShares(unpaidShares(payment))),
    captured: money(captured),
    refunded: money(refunded),
    reserved: money(reserved),
    refundable: money(Object.keys(observed.charges).reduce((sum, chargeId) => sum + Payment.refundable(payment, chargeId), 0)),
    attempts: payment.attempts.map((attempt) => attemptView(attempt, isStaff)),
    charges: Object.values(observed.charges)
      .sort((a, b) => a.at - b.at)
      .map((charge) => chargeView(payment, charge, isStaff)),
    refunds: refundViews(payment, actor),
    openedAt,
    version,
    ...(isStaff && { fees: money(fees), disputes: disputeViews(payment) }),
  };
}

function attemptView({ id, channel, status, failure, at, providerOrderId, url, processor, capture, isReleased }: Attempt, isStaff: boolean) {
  return {
    id,
    channel,
    status,
    // Why a provider would not open it says something of us, not of the customer.
    failure: failure && failureNamed('provider_refused'),
    at,
    url,
    ...((isStaff || channel === 'bank_transfer') && { reference: providerOrderId }),
    ...(isStaff && { processor, waitsForApproval: capture === 'manual' && !isReleased }),
  };
}

function chargeView(payment: Payment, charge: ChargeFact, isStaff: boolean) {
  const { chargeId, instrument, status, amount, currency, failure, fee, feeTax, at } = charge;
  const orNull = (sum: number | null) => (sum === null ? null : { amount: sum, currency });
  const processor = Payment.attemptOf(payment, charge)?.processor;
  return {
    method: instrument?.method ?? null,
    label: instrument?.label ?? null,
    status,
    amount: { amount, currency },
    // What failed at first and was paid in the end has not failed.
    failure: status === 'failed' ? failureView(failure ?? { code: 'failed', reason: null, description: '' }) : null,
    at,
    ...(isStaff && {
      id: chargeId,
      ...(processor !== undefined && { processor }),
      isInternational: instrument?.isInternational ?? false,
      fee: orNull(fee),
      feeTax: orNull(feeTax),
    }),
  };
}

export function refundView(payment: Payment, refund: Refund, actor: Actor): z.input<typeof RefundView> {
  const { id, amount, reason, status, lines, at, note, chargeId } = refund;
  const charge = payment.observed.charges[chargeId];
  const processor = charge && Payment.attemptOf(payment, charge)?.processor;
  return {
    id,
    amount: { amount, currency: payment.currency },
    reason,
    status,
    lines: [...lines],
    at,
    ...(seesBooks(actor, payment) && { note, isByHand: processor !== undefined && isByHand(processor) }),
  };
}

export const refundViews = (payment: Payment, actor: Actor) => payment.refunds.map((refund) => refundView(payment, refund, actor));

const disputeViews = ({ observed }: Payment) =>
  Object.values(observed.disputes)
    .sort((a, b) => a.at - b.at)
    .map(({ disputeId, amount, deducted, currency, status, phase, reason, respondBy, at }) => ({
      id: disputeId,
      amount: { amount, currency },
      deducted: { amount: deducted, currency },
      status,
      phase,
      reason,
      respondBy,
      at,
    }));
