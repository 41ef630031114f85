import type { ChargeFact } from '#domain/payments/facts.ts';
import { type Attempt, Payment, type PaymentId } from '#domain/payments/payment.ts';
import { ANONYMOUS } from '#domain/shared/actor.ts';
import { confirmPayment } from './confirm-payment.ts';
import type { PayableOrder, PaymentsDeps } from './ports.ts';

export type ReturnFromCheckout = {
  readonly paymentId: PaymentId;
  /** What the provider signed; undefined when the browser brought nothing of the kind. */
  readonly proof: { readonly chargeId: string; readonly signature: string } | undefined;
};

/**
 * What may be told to a browser that came back from a provider's page. It has no token: only a signature speaks for it, and
 * without one it learns whether there is still something to pay, and no more.
 */
export type Returned =
  /** Nothing was proved, or there is no such payment. */
  | { readonly standing: 'unconfirmed'; readonly retry: Attempt | undefined; readonly isPaid: boolean }
  | { readonly standing: 'paid'; readonly payment: Payment; readonly order: PayableOrder }
  /** The money came for an order that was over, or has gone back since. */
  | { readonly standing: 'given_back'; readonly payment: Payment; readonly order: PayableOrder }
  /** Nobody knows yet; it is being looked up. */
  | { readonly standing: 'pending' }
  /** Not taken: refused, or let go before it was. */
  | { readonly standing: 'failed'; readonly charge: ChargeFact; readonly retry: Attempt | undefined };

type Deps = Pick<PaymentsDeps, 'uow' | 'queries' | 'facts' | 'providers' | 'settings' | 'runtime'>;

const NOTHING: Returned = { standing: 'unconfirmed', retry: undefined, isPaid: false };

/** Takes what a browser brings back from the checkout, and says what to show it. */
export const returnFromCheckout = (deps: Deps) => {
  const confirm = confirmPayment(deps);
  return async ({ paymentId, proof }: ReturnFromCheckout): Promise<Returned> => {
    if (proof === undefined) return unproved(deps, paymentId);
    const confirmed = await confirm({ paymentId, ...proof }, ANONYMOUS);
    if (!confirmed.ok) return NOTHING;
    const payment = confirmed.value;
    const charge = payment.observed.charges[proof.chargeId];
    const order = await deps.facts.orders.find(payment.orderId);
    if (!order || !charge) return { standing: 'pending' };
    if (charge.status === 'captured')
      return { standing: order.isOver || Payment.statusOf(payment) === 'refunded' ? 'given_back' : 'paid', payment, order };
    return charge.status === 'failed' || charge.status === 'voided'
      ? { standing: 'failed', charge, retry: retryOf(payment, order) }
      : { standing: 'pending' };
  };
};

async function unproved({ queries, facts }: Deps, paymentId: PaymentId): Promise<Returned> {
  const payment = await queries.find(paymentId);
  if (!payment) return NOTHING;
  const order = await facts.orders.find(payment.orderId);
  return { standing: 'unconfirmed', retry: order && retryOf(payment, order), isPaid: Payment.isPaid(payment) };
}

/** The way to pay that is still open, as long as there is something to pay. */
const retryOf = (payment: Payment, { isOver }: PayableOrder): Attempt | undefined =>
  isOver || Payment.isPaid(payment) ? undefined : payment.attempts.findLast(({ channel, status }) => channel === 'checkout' && status === 'open');
