import type { ProviderFact } from '#domain/payments/facts.ts';
import type { Operation } from '#domain/payments/operation.ts';
import { type Attempt, Payment } from '#domain/payments/payment.ts';
import { invariant } from '#domain/shared/invariant.ts';
import type { PaymentsDeps } from './ports.ts';
import type { Notes, PaymentProvider, ProviderFailure, ProviderReply } from './provider.ts';

/** What came of asking, in our words. */
export type Asked =
  | { readonly outcome: 'facts'; readonly facts: readonly ProviderFact[] }
  | { readonly outcome: 'opened'; readonly opened: Pick<Attempt, 'providerOrderId' | 'linkId' | 'url'> }
  | { readonly outcome: 'failed'; readonly failure: ProviderFailure }
  | { readonly outcome: 'unknown'; readonly reason: string }
  /** What was planned is not wanted any more. */
  | { readonly outcome: 'nothing_to_do' };

type Deps = Pick<PaymentsDeps, 'facts' | 'providers' | 'settings'>;

/** Asks for what an operation is for. Where an earlier try may have worked, it is looked for first. */
export async function askProvider(deps: Deps, operation: Operation, payment: Payment, isUncertain: boolean): Promise<Asked> {
  const provider = deps.providers.get(operation.processor);
  if (!provider) return { outcome: 'unknown', reason: `no processor ${operation.processor} is configured any more` };
  const { paymentId, orderId, restaurantId } = { paymentId: payment.id, orderId: payment.orderId, restaurantId: payment.restaurantId };
  const notes: Notes = { paymentId, orderId, restaurantId };
  switch (operation.kind) {
    case 'open_order':
      return openOrder(provider, deps, payment, operation.targetId, notes, isUncertain);
    case 'open_link':
      return openLink(provider, deps, payment, operation.targetId, notes, isUncertain);
    case 'cancel_link':
      return cancelLink(provider, payment, operation.targetId);
    case 'capture':
      return capture(provider, deps, payment, operation.targetId);
    case 'refund':
      return refund(provider, payment, operation.targetId, notes, isUncertain);
    case 'payout':
      return { outcome: 'nothing_to_do' }; // A payout is its own subject.
  }
}

/** Razorpay takes 40 characters; a UUID without its dashes has 32. */
export const receiptOf = (attemptId: string): string => attemptId.replaceAll('-', '');

async function openOrder(provider: PaymentProvider, { settings }: Deps, payment: Payment, attemptId: string, notes: Notes, isUncertain: boolean) {
  const attempt = attemptIn(payment, attemptId);
  const receipt = receiptOf(attemptId);
  const opened = ({ providerOrderId }: { readonly providerOrderId: string }): Asked => ({
    outcome: 'opened',
    opened: { providerOrderId, linkId: null, url: null },
  });
  if (isUncertain) {
    const found = await provider.findOrder(receipt);
    if (found.outcome !== 'succeeded') return doubted(found);
    if (found.value !== undefined) return opened(found.value);
  }
  const { amount, currency } = payment;
  const { captureWithinMinutes } = settings;
  return map(await provider.createOrder({ receipt, amount, currency, capture: attempt.capture, captureWithinMinutes, notes }), opened);
}

/** How long a link that was sent to somebody can be paid when its order waits for nothing else. */
const LINK_MS = 24 * 60 * 60_000;

async function openLink(provider: PaymentProvider, { facts }: Deps, payment: Payment, attemptId: string, notes: Notes, isUncertain: boolean) {
  const reference = receiptOf(attemptId);
  const opened = ({
    linkId,
    url,
    providerOrderId,
  }: {
    readonly linkId: string;
    readonly url: string;
    readonly providerOrderId: string | null;
  }): Asked => ({
    outcome: 'opened',
    opened: { providerOrderId: providerOrderId ?? linkId, linkId, url },
  });
  if (isUncertain) {
    const found = await provider.findLink(reference);
    if (found.outcome !== 'succeeded') return doubted(found);
    if (found.value !== undefined) return opened(found.value);
  }
  const order = await facts.orders.find(payment.orderId);
  const { amount, currency } = payment;
  const expiresAt = order?.expiresAt ?? attemptIn(payment, attemptId).at + LINK_MS;
  const description = `Order ${String(order?.number ?? '').padStart(4, '0')}`;
  const customer = { name: null, email: null, phone: null };
  return map(await provider.createLink({ reference, amount, currency, description, expiresAt, customer, notes }), opened);
}

async function cancelLink(provider: PaymentProvider, payment: Payment, attemptId: string): Promise<Asked> {
  const { linkId } = attemptIn(payment, attemptId);
  return linkId === null ? { outcome: 'nothing_to_do' } : map(await provider.cancelLink(linkId), () => ({ outcome: 'nothing_to_do' }));
}

async function capture(provider: PaymentProvider, { facts }: Deps, payment: Payment, chargeId: string): Promise<Asked> {
  const charge = Payment.capturable(payment).find((one) => one.chargeId === chargeId);
  if (!charge) return { outcome: 'nothing_to_do' };
  const order = await facts.orders.find(payment.orderId);
  // Money for an order that is over is not taken: the provider gives it back by itself.
  if (!order || order.isOver || Payment.isPaid(payment)) return { outcome: 'nothing_to_do' };
  const { amount, currency } = charge;
  return map(await provider.capture({ chargeId, amount, currency }), (fact) => ({ outcome: 'facts', facts: [fact] }));
}

async function refund(provider: PaymentProvider, payment: Payment, refundId: string, notes: Notes, isUncertain: boolean): Promise<Asked> {
  const wanted = payment.refunds.find(({ id }) => id === refundId);
  if (wanted?.status !== 'reserved') return { outcome: 'nothing_to_do' };
  const { chargeId, amount } = wanted;
  if (isUncertain) {
    const found = await provider.refundsOf(chargeId);
    if (found.outcome !== 'succeeded') return doubted(found);
    const ours = found.value.filter((fact) => fact.refundId === refundId);
    if (ours.length > 0) return { outcome: 'facts', facts: ours };
  }
  const { currency } = payment;
  return map(await provider.refund({ refundId, chargeId, amount, currency, notes }), (fact) => ({
    outcome: 'facts',
    facts: [{ ...fact, refundId }],
  }));
}

function attemptIn(payment: Payment, attemptId: string): Attempt {
  const attempt = payment.attempts.find(({ id }) => id === attemptId);
  invariant(attempt !== undefined, `payment ${payment.id} has no attempt ${attemptId}`);
  return attempt;
}

const map = <T>(reply: ProviderReply<T>, succeeded: (value: T) => Asked): Asked => (reply.outcome === 'succeeded' ? succeeded(reply.value) : reply);

/** A question that was not answered leaves everything as open as it was, even where the provider refused to answer it. */
const doubted = (reply: Exclude<ProviderReply<unknown>, { outcome: 'succeeded' }>): Asked => ({
  outcome: 'unknown',
  reason: reply.outcome === 'unknown' ? reply.reason : `${reply.failure.code}: ${reply.failure.description}`,
});
