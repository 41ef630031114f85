import fc from 'fast-check';
import {
  CHARGE_STATUSES,
  type ChargeFact,
  DISPUTE_STATUSES,
  type DisputeFact,
  PROVIDER_REFUND_STATUSES,
  type ProviderFact,
  type RefundFact,
} from '#domain/payments/facts.ts';
import { Payment, PaymentId, type PaymentTerms } from '#domain/payments/payment.ts';
import { Money } from '#domain/shared/money.ts';
import { must } from '../must.ts';

export const AT = 1_764_000_000_000;
const at = fc.integer({ min: AT, max: AT + 5 * 86_400_000 });

export const terms: fc.Arbitrary<PaymentTerms> = fc
  .record({ amount: fc.integer({ min: 100, max: 500_000 }), tax: fc.nat(50_000), commission: fc.nat(50_000) })
  .map(({ amount, tax, commission }) => ({
    restaurantId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
    orderId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a11',
    customerId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a12',
    amount: Money.of(amount),
    currency: 'INR',
    tax: Money.of(Math.min(tax, amount)),
    commission: Money.of(Math.min(commission, amount - Math.min(tax, amount))),
    openedAt: AT,
  }));

/** A payment with an attempt at `razorpay` that is open as `order_1`, before anything was told of it. */
export const opened: fc.Arbitrary<Payment> = terms.map((agreed) => {
  const { state } = Payment.open(PaymentId.of('019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a13'), agreed);
  const attempt = { id: 'attempt-1', processor: 'razorpay', channel: 'checkout', capture: 'automatic' } as const;
  const started = must(Payment.startAttempt(state, attempt, AT)).state;
  return Payment.openAttempt(started, 'attempt-1', { providerOrderId: 'order_1', linkId: null, url: null }, AT).state;
});

/** A truth at the provider: what each of its things came to. Facts are what was seen of them on the way. */
const charge = (chargeId: string, amount: number): fc.Arbitrary<ChargeFact> =>
  fc.record({
    kind: fc.constant('charge' as const),
    chargeId: fc.constant(chargeId),
    providerOrderId: fc.constant('order_1'),
    status: fc.constantFrom(...CHARGE_STATUSES),
    amount: fc.constant(amount),
    currency: fc.constant('INR'),
    instrument: fc.option(
      fc.record({
        method: fc.constantFrom('card' as const, 'upi' as const),
        label: fc.option(fc.constantFrom('Visa ending 1007', 'a…@upi')),
        fingerprint: fc.option(fc.constantFrom('f1', 'f2')),
        isInternational: fc.boolean(),
      }),
    ),
    fee: fc.option(fc.nat(amount)),
    feeTax: fc.constant(0),
    failure: fc.option(
      fc.record({
        code: fc.constantFrom('GATEWAY_ERROR', 'BAD_REQUEST_ERROR'),
        reason: fc.option(fc.constant('payment_failed')),
        description: fc.constant('no'),
      }),
    ),
    at,
  });
const refund = (providerRefundId: string, chargeId: string, amount: number): fc.Arbitrary<RefundFact> =>
  fc.record({
    kind: fc.constant('refund' as const),
    providerRefundId: fc.constant(providerRefundId),
    chargeId: fc.constant(chargeId),
    amount: fc.constant(amount),
    currency: fc.constant('INR'),
    status: fc.constantFrom(...PROVIDER_REFUND_STATUSES),
    refundId: fc.constant(null),
    at,
  });
const dispute = (disputeId: string, chargeId: string, amount: number): fc.Arbitrary<DisputeFact> =>
  fc.record({
    kind: fc.constant('dispute' as const),
    disputeId: fc.constant(disputeId),
    chargeId: fc.constant(chargeId),
    amount: fc.constant(amount),
    currency: fc.constant('INR'),
    deducted: fc.constantFrom(0, amount),
    status: fc.constantFrom(...DISPUTE_STATUSES),
    phase: fc.constantFrom('chargeback', 'arbitration'),
    reason: fc.constant('goods_not_received'),
    respondBy: fc.option(at),
    at,
  });

/** Facts about one payment, of two charges of which one may be of another amount, their refunds and a dispute. */
export const factsAbout = ({ amount }: Payment): fc.Arbitrary<readonly ProviderFact[]> => {
  const half = Math.max(1, Math.floor(amount / 2));
  return fc.array(
    fc.oneof(
      charge('pay_1', amount),
      charge('pay_2', amount),
      charge('pay_3', half),
      refund('rfnd_1', 'pay_1', half),
      refund('rfnd_2', 'pay_2', amount),
      refund('rfnd_3', 'pay_1', amount - half),
      dispute('disp_1', 'pay_1', half),
    ),
    { maxLength: 14 },
  );
};
