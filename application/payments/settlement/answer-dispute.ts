import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import type { DisputeFact } from '#domain/payments/facts.ts';
import { Payment, type PaymentId } from '#domain/payments/payment.ts';
import { maySeePayment } from '#domain/payments/policy.ts';
import type { SettlementErrorOf } from '#domain/payments/settlement/errors.ts';
import { type Actor, may } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { applyProviderFacts } from '../apply-facts.ts';
import type { PaymentProvider, ProviderReply } from '../provider.ts';
import type { SettlementDeps } from './ports.ts';

export type Evidence = { readonly paymentId: PaymentId; readonly disputeId: string; readonly summary: string; readonly amount: number | null };
export type Acceptance = Pick<Evidence, 'paymentId' | 'disputeId'>;

type Found = {
  readonly payment: Payment;
  readonly dispute: DisputeFact;
  readonly processor: string;
  readonly provider: PaymentProvider;
};
type Refusal =
  | PaymentsErrorOf<'payments.payment_not_found' | 'payments.not_permitted' | 'payments.provider_unreachable'>
  | SettlementErrorOf<'payments.dispute_not_found' | 'payments.dispute_over' | 'payments.evidence_too_large' | 'payments.dispute_answer_refused'>;
type Answered = Promise<Result<DisputeFact, Refusal>>;

const RETRY_AFTER_SECONDS = 30;

/** Tells the bank why the money is ours. */
export const contestDispute =
  (deps: Pick<SettlementDeps, 'payments'>) =>
  async ({ paymentId, disputeId, summary, amount }: Evidence, actor: Actor): Answered => {
    const found = await find(deps, { paymentId, disputeId }, actor);
    if (!found.ok) return found;
    const { dispute, provider } = found.value;
    if (isOver(dispute)) return err({ code: 'payments.dispute_over', disputeStatus: dispute.status });
    const contested = amount ?? dispute.amount;
    if (contested > dispute.amount) {
      return err({ code: 'payments.evidence_too_large', amount: contested, disputed: dispute.amount, currency: dispute.currency });
    }
    return take(deps, found.value, await provider.contestDispute({ disputeId, amount: contested, summary }), actor);
  };

/** Gives the money up. Saying it again changes nothing. */
export const acceptDispute =
  (deps: Pick<SettlementDeps, 'payments'>) =>
  async (asked: Acceptance, actor: Actor): Answered => {
    const found = await find(deps, asked, actor);
    if (!found.ok) return found;
    const { dispute, provider } = found.value;
    if (dispute.status === 'lost') return ok(dispute);
    if (isOver(dispute)) return err({ code: 'payments.dispute_over', disputeStatus: dispute.status });
    return take(deps, found.value, await provider.acceptDispute(asked.disputeId), actor);
  };

const isOver = ({ status }: DisputeFact): boolean => status === 'won' || status === 'lost' || status === 'closed';

async function find(
  { payments }: Pick<SettlementDeps, 'payments'>,
  { paymentId, disputeId }: Acceptance,
  actor: Actor,
): Promise<Result<Found, Refusal>> {
  const payment = await payments.queries.find(paymentId);
  if (!payment || !(maySeePayment(actor, payment) || may(actor, 'disputes:write', payment.restaurantId))) {
    return err({ code: 'payments.payment_not_found', paymentId });
  }
  if (!may(actor, 'disputes:write', payment.restaurantId)) return err({ code: 'payments.not_permitted', permission: 'disputes:write' });
  const dispute = Object.hasOwn(payment.observed.disputes, disputeId) ? payment.observed.disputes[disputeId] : undefined;
  const charge = dispute && payment.observed.charges[dispute.chargeId];
  const processor = charge && Payment.attemptOf(payment, charge)?.processor;
  const provider = processor === undefined ? undefined : payments.providers.get(processor);
  if (!dispute || processor === undefined || !provider) return err({ code: 'payments.dispute_not_found', disputeId });
  return ok({ payment, dispute, processor, provider });
}

/** The provider's answer is a fact like any other; one that never comes is found by the nightly look at all disputes. */
async function take(
  { payments }: Pick<SettlementDeps, 'payments'>,
  { dispute, processor }: Found,
  reply: ProviderReply<DisputeFact>,
  actor: Actor,
): Answered {
  if (reply.outcome === 'failed') return err({ code: 'payments.dispute_answer_refused', processor, reason: reply.failure.code });
  if (reply.outcome === 'unknown') return err({ code: 'payments.provider_unreachable', processor, retryAfterSeconds: RETRY_AFTER_SECONDS });
  const payment = await applyProviderFacts(payments)({ processor, facts: [reply.value] }, actor);
  return ok(payment?.observed.disputes[dispute.disputeId] ?? reply.value);
}
