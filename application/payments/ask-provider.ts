import type { Operation } from '#domain/payments/operation.ts';
import { type Attempt, Payment, PaymentId } from '#domain/payments/payment.ts';
import { PayoutId } from '#domain/payments/payout.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { type Asked, doubted, map } from './asked.ts';
import type { PaymentsDeps } from './ports.ts';
import type { Notes, PaymentProvider } from './provider.ts';
import { askForPayout, askForReturn } from './settlement/ask-for-payout.ts';

type Deps = Pick<PaymentsDeps, 'queries' | 'facts' | 'providers' | 'settings'>;

/** Asks for what an operation is for, of whatever it is about. Where an earlier try may have worked, it is looked for first. */
export async function askProvider(deps: Deps, operation: Operation, isUncertain: boolean): Promise<Asked> {
  const { kind, processor, subjectId, targetId } = operation;
  const provider = deps.providers.get(processor);
  if (!provider) return { outcome: 'unknown', reason: `no processor ${processor} is configured any more` };
  if (kind === 'payout') return askForPayout(provider, known(await deps.queries.payout(PayoutId.of(subjectId)), operation), isUncertain);
  if (kind === 'return') return askForReturn(provider, known(await deps.queries.exception(subjectId), operation), isUncertain);

  const payment = known(await deps.queries.find(PaymentId.of(subjectId)), operation);
  const { id: paymentId, orderId, restaurantId } = payment;
  const notes: Notes = { paymentId, orderId, restaurantId };
  switch (kind) {
    case 'open_order':
      return openOrder(provider, deps, payment, targetId, notes, isUncertain);
    case 'open_link':
      return openLink(provider, deps, payment, targetId, notes, isUncertain);
    case 'cancel_link':
      return cancelLink(provider, payment, targetId);
    case 'capture':
      return capture(provider, deps, payment, targetId);
    case 'refund':
      return refund(provider, payment, targetId, notes, isUncertain);
  }
}

function known<T>(subject: T | undefined, { id }: Operation): T {
  invariant(subject !== undefined, `what operation ${id} is about is gone`);
  return subject;
}

/** Razorpay takes 40 characters; a UUID without its dashes has 32. */
export const receiptOf = (attemptId: string): string => attemptId.replaceAll('-', '');

async function openOrder(
  provider: PaymentProvider,
  { settings }: Pick<Deps, 'settings'>,
  payment: Payment,
  attemptId: string,
  notes: Notes,
  isUncertain: boolean,
) {
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
/** Providers make no link for less than a quarter of an hour. What is paid after the order has expired goes back by itself. */
const LINK_LEAST_MS = 20 * 60_000;

async function openLink(
  provider: PaymentProvider,
  { facts }: Pick<Deps, 'facts'>,
  payment: Payment,
  attemptId: string,
  notes: Notes,
  isUncertain: boolean,
) {
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
    opened: { providerOrderId, linkId, url },
  });
  if (isUncertain) {
    const found = await provider.findLink(reference);
    if (found.outcome !== 'succeeded') return doubted(found);
    if (found.value !== undefined) return opened(found.value);
  }
  const order = await facts.orders.find(payment.orderId);
  const { amount, currency } = payment;
  const { at } = attemptIn(payment, attemptId);
  const expiresAt = Math.max(order?.expiresAt ?? at + LINK_MS, at + LINK_LEAST_MS);
  const description = `Order ${String(order?.number ?? '').padStart(4, '0')}`;
  const customer = { name: null, email: null, phone: null };
  return map(await provider.createLink({ reference, amount, currency, description, expiresAt, customer, notes }), opened);
}

async function cancelLink(provider: PaymentProvider, payment: Payment, attemptId: string): Promise<Asked> {
  const { linkId } = attemptIn(payment, attemptId);
  return linkId === null ? { outcome: 'nothing_to_do' } : map(await provider.cancelLink(linkId), () => ({ outcome: 'nothing_to_do' }));
}

async function capture(provider: PaymentProvider, { facts }: Pick<Deps, 'facts'>, payment: Payment, chargeId: string): Promise<Asked> {
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
