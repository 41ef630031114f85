import type { Change } from '../shared/change.ts';
import { type Minor, Money } from '../shared/money.ts';
import type { ChargeEvent, PaymentEvent, RefundMoved } from './events.ts';
import type { ChargeFact, ProviderFact, RefundFact } from './facts.ts';
import { observe } from './observed.ts';
import { aboutOf, Payment, unpaidShares } from './payment.ts';
import { mayBecome, type Refund, type RefundStatus } from './refund.ts';
import { sharesToRefund } from './refunding.ts';
import { sumOfShares, takeShares } from './shares.ts';

/**
 * What facts make of a payment, whoever brought them: a callback, a webhook, a poll or the provider's books. Facts that are no
 * news change nothing and leave no event.
 */
export function applyFacts(payment: Payment, facts: readonly ProviderFact[], at: number): Change<Payment, PaymentEvent> {
  const events: PaymentEvent[] = [];
  let state = payment;
  const add = (event: PaymentEvent | undefined): void => {
    if (event === undefined) return;
    events.push(event);
    state = Payment.evolve(state, event);
  };
  for (const fact of facts) add(news(state, fact, at));
  // Money can come back only once it was taken; what is told of it earlier waits until then.
  for (const fact of Object.values(state.observed.refunds).sort((a, b) => (a.providerRefundId < b.providerRefundId ? -1 : 1))) {
    if (Payment.capturedCharges(state).some(({ chargeId }) => chargeId === fact.chargeId)) {
      add(foundElsewhere(state, fact, at));
      add(moved(state, fact, at));
    }
  }
  return { state, events };
}

function news(payment: Payment, fact: ProviderFact, at: number): PaymentEvent | undefined {
  const joined = observe(payment.observed, fact);
  if (joined === payment.observed) return undefined;
  switch (fact.kind) {
    case 'charge':
      return chargeNews(payment, joined.charges[fact.chargeId] as ChargeFact, at);
    case 'refund':
      return { type: 'payments.refund_observed', ...aboutOf(payment, at), fact: joined.refunds[fact.providerRefundId] as RefundFact };
    case 'dispute': {
      const before = payment.observed.disputes[fact.disputeId]?.status ?? null;
      return { type: 'payments.dispute_changed', ...aboutOf(payment, at), dispute: joined.disputes[fact.disputeId] as typeof fact, before };
    }
    case 'transfer':
      return undefined;
  }
}

function chargeNews(payment: Payment, charge: ChargeFact, at: number): PaymentEvent {
  const before = payment.observed.charges[charge.chargeId]?.status ?? null;
  if (before === charge.status) return { type: 'payments.charge_detailed', ...aboutOf(payment, at), charge };
  const attemptId = Payment.attemptOf(payment, charge)?.id ?? null;
  const event = { type: `payments.charge_${charge.status}`, ...aboutOf(payment, at), charge, before, attemptId };
  if (charge.status !== 'captured') return event as ChargeEvent;
  const left = unpaidShares(payment);
  // Money of another currency pays for nothing: all of it is the customer's.
  const applied = charge.currency === payment.currency ? Math.min(charge.amount, sumOfShares(left)) : 0;
  const shares = takeShares(left, Money.of(applied));
  return { ...event, shares, unapplied: Money.of(charge.amount - applied) } as ChargeEvent;
}

const ourRefund = ({ refunds }: Payment, { refundId, providerRefundId }: RefundFact): Refund | undefined =>
  refunds.find((refund) => refund.id === refundId || refund.providerRefundId === providerRefundId);

/** A refund that somebody made at the provider itself. One that came to nothing never mattered. */
function foundElsewhere(payment: Payment, fact: RefundFact, at: number): PaymentEvent | undefined {
  if (ourRefund(payment, fact) !== undefined || fact.status === 'failed') return undefined;
  const { providerRefundId, chargeId } = fact;
  const amount: Minor = Money.of(fact.amount);
  const refund: Refund = {
    id: providerRefundId,
    chargeId,
    amount,
    reason: 'elsewhere',
    note: null,
    lines: [],
    shares: sharesToRefund(payment, chargeId, amount, 'elsewhere'),
    status: 'reserved',
    providerRefundId,
    at: fact.at,
  };
  return { type: 'payments.refund_requested', ...aboutOf(payment, at), refund, currency: payment.currency };
}

const STATUS: Readonly<Record<RefundFact['status'], RefundStatus>> = { pending: 'processing', failed: 'failed', processed: 'processed' };

function moved(payment: Payment, fact: RefundFact, at: number): PaymentEvent | undefined {
  const refund = ourRefund(payment, fact);
  const to = STATUS[fact.status];
  if (refund === undefined || !mayBecome(refund.status, to)) return undefined;
  return {
    type: `payments.refund_${to}`,
    ...aboutOf(payment, at),
    refundId: refund.id,
    amount: refund.amount,
    providerRefundId: fact.providerRefundId,
  } as RefundMoved;
}
