import type { Change } from '../shared/change.ts';
import { type Minor, Money } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { PaymentsErrorOf } from './errors.ts';
import type { PaymentEvent } from './events.ts';
import { aboutOf, changed, Payment } from './payment.ts';
import type { Refund, RefundedLine, RefundReason, Shares } from './refund.ts';
import { minusShares, NO_SHARES, sumOfShares, takeShares } from './shares.ts';

type Refunded = Result<
  Change<Payment, PaymentEvent> & { readonly refund: Refund },
  PaymentsErrorOf<'payments.not_captured' | 'payments.refund_too_large'>
>;

export type AskedRefund = {
  readonly id: string;
  /** Everything that can still be given back when it is left out. */
  readonly amount: number | null;
  readonly reason: RefundReason;
  readonly note: string | null;
  readonly lines: readonly RefundedLine[];
  /** The charge it must come from; otherwise one that covers it. */
  readonly chargeId?: string;
};

/** Sets money aside to be given back, or refuses when it is not there: what is set aside and what is gone never exceed what was taken. */
function request(payment: Payment, { id, amount, reason, note, lines, chargeId }: AskedRefund, at: number): Refunded {
  const charges = Payment.capturedCharges(payment).filter((charge) => chargeId === undefined || charge.chargeId === chargeId);
  if (charges.length === 0) return err({ code: 'payments.not_captured', paymentStatus: Payment.statusOf(payment) });
  const offers = charges.map((charge) => ({ chargeId: charge.chargeId, left: Payment.refundable(payment, charge.chargeId) }));
  const most = offers.reduce((best, offer) => (offer.left > best.left ? offer : best));
  const asked = amount ?? most.left;
  const from = offers.find(({ left }) => left >= asked);
  if (asked <= 0 || from === undefined) {
    return err({ code: 'payments.refund_too_large', asked, refundable: most.left, currency: payment.currency });
  }
  const whole = Money.of(asked);
  const refund: Refund = {
    id,
    chargeId: from.chargeId,
    amount: whole,
    reason,
    note,
    lines,
    shares: sharesToRefund(payment, from.chargeId, whole, reason),
    status: 'reserved',
    providerRefundId: null,
    at,
  };
  return ok({ ...changed(payment, [{ type: 'payments.refund_requested', ...aboutOf(payment, at), refund, currency: payment.currency }]), refund });
}

/** The provider said no: what was set aside is free again. */
function fail(payment: Payment, refundId: string, at: number): Change<Payment, PaymentEvent> {
  const refund = payment.refunds.find(({ id }) => id === refundId);
  if (!refund || (refund.status !== 'reserved' && refund.status !== 'processing')) return changed(payment, []);
  const { amount, providerRefundId } = refund;
  return changed(payment, [{ type: 'payments.refund_failed', ...aboutOf(payment, at), refundId, amount, providerRefundId }]);
}

/** Whom a refund takes the money back from. What was applied to nothing goes first when it goes back for that very reason, last otherwise. */
export function sharesToRefund(payment: Payment, chargeId: string, amount: Minor, reason: RefundReason): Shares {
  const capture = payment.captures[chargeId];
  if (!capture) return NO_SHARES;
  const { unapplied, ...whole } = capture;
  const before = payment.refunds.filter((refund) => refund.chargeId === chargeId && refund.status !== 'failed');
  const left = before.reduce((shares, refund) => minusShares(shares, refund.shares), whole as Shares);
  const unappliedGone = before.reduce((sum, refund) => sum + refund.amount - sumOfShares(refund.shares), 0);
  const unappliedLeft = Math.max(0, unapplied - unappliedGone);
  const isOfUnapplied = reason === 'duplicate' || reason === 'surplus';
  const applied = isOfUnapplied ? amount - Math.min(amount, unappliedLeft) : Math.min(amount, sumOfShares(left));
  return takeShares(left, Money.of(Math.min(applied, sumOfShares(left))));
}

/** Why an order that is over gives its money back. */
export type Ending = Extract<RefundReason, 'late' | 'cancelled' | 'rejected'>;
export type Duty = Pick<AskedRefund, 'amount' | 'reason'> & { readonly chargeId: string };

/**
 * What we owe the customer without being asked: all of it when the order is over, otherwise what was paid on top of what it cost.
 * A refund that is under way, or was tried and failed, is not owed a second time by itself: people look at the latter.
 */
function duties(payment: Payment, ending: Ending | undefined): readonly Duty[] {
  return Payment.capturedCharges(payment).flatMap(({ chargeId, amount }): readonly Duty[] => {
    const ours = payment.refunds.filter((refund) => refund.chargeId === chargeId && refund.reason !== 'requested' && refund.reason !== 'elsewhere');
    if (ending !== undefined) {
      const left = Payment.refundable(payment, chargeId);
      return left > 0 && !ours.some(({ reason, status }) => reason === ending && status === 'failed')
        ? [{ chargeId, amount: left, reason: ending }]
        : [];
    }
    const unapplied = payment.captures[chargeId]?.unapplied ?? 0;
    const owed = Math.min(unapplied, Payment.refundable(payment, chargeId));
    return owed > 0 && ours.length === 0 ? [{ chargeId, amount: owed, reason: unapplied === amount ? 'duplicate' : 'surplus' }] : [];
  });
}

export const Refunding = { request, fail, duties };
