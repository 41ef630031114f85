import { Payout } from '#domain/payments/payout.ts';
import type { PaymentException } from '#domain/payments/settlement/exception.ts';
import { type Asked, doubted, map } from '../asked.ts';
import type { PaymentProvider } from '../provider.ts';

/** Has a payout moved on to the restaurant's account. Where an earlier try may have worked, it is looked for first. */
export async function askForPayout(provider: PaymentProvider, payout: Payout, isUncertain: boolean): Promise<Asked> {
  if (Payout.statusOf(payout) !== 'reserved') return { outcome: 'nothing_to_do' };
  const { id: payoutId, account, amount, currency, restaurantId } = payout;
  if (isUncertain) {
    const found = await provider.findTransfer(payoutId);
    if (found.outcome !== 'succeeded') return doubted(found);
    if (found.value !== undefined) return { outcome: 'facts', facts: [{ ...found.value, payoutId }] };
  }
  return map(await provider.transfer({ payoutId, account, amount, currency, restaurantId }), (fact) => ({
    outcome: 'facts',
    facts: [{ ...fact, payoutId }],
  }));
}

const NOBODY = 'unknown';

/** Has money that belongs to nothing of ours given back to whoever paid it: all that is left of the charge. */
export async function askForReturn(provider: PaymentProvider, exception: PaymentException, isUncertain: boolean): Promise<Asked> {
  const { id: refundId, reference: chargeId, restaurantId } = exception;
  const refunds = await provider.refundsOf(chargeId);
  if (refunds.outcome !== 'succeeded') return doubted(refunds);
  if (isUncertain && refunds.value.some((refund) => refund.refundId === refundId)) return { outcome: 'nothing_to_do' };
  const charge = await provider.charge(chargeId);
  if (charge.outcome !== 'succeeded') return charge;
  const { amount, currency } = charge.value;
  const left = amount - refunds.value.filter(({ status }) => status !== 'failed').reduce((sum, refund) => sum + refund.amount, 0);
  if (left <= 0) return { outcome: 'nothing_to_do' };
  const notes = { paymentId: NOBODY, orderId: NOBODY, restaurantId: restaurantId ?? NOBODY };
  return map(await provider.refund({ refundId, chargeId, amount: left, currency, notes }), () => ({ outcome: 'nothing_to_do' }));
}
