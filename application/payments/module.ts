import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import type { Payment, PaymentId } from '#domain/payments/payment.ts';
import { maySeePayment } from '#domain/payments/policy.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { confirmPayment } from './confirm-payment.ts';
import { openPayment } from './open-payment.ts';
import type { PaymentsDeps } from './ports.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { completeRefund, requestRefund } from './request-refund.ts';
import { returnFromCheckout } from './return-from-checkout.ts';
import { checkPayment } from './sweep-payments.ts';
import { recordTransfer, takeCash } from './take-money.ts';

type NotFound = PaymentsErrorOf<'payments.payment_not_found'>;

/** Everything the outside may ask of payments. */
export const createPayments = (deps: PaymentsDeps) => {
  const { queries, providers, facts } = deps;
  return {
    openPayment: openPayment(deps),
    confirmPayment: confirmPayment(deps),
    returnFromCheckout: returnFromCheckout(deps),
    takeCash: takeCash(deps),
    recordTransfer: recordTransfer(deps),
    requestRefund: requestRefund(deps),
    completeRefund: completeRefund(deps),
    receiveWebhook: receiveWebhook(deps),
    checkPayment: checkPayment(deps),
    /** Whether a processor of that name is configured, so that its webhooks are ours to hear. */
    hasProcessor: (processor: string): boolean => providers.has(processor),
    /** What a browser needs to pay an open attempt; undefined where nothing is paid in a browser. */
    checkout: (processor: string, providerOrderId: string) => providers.get(processor)?.checkout(providerOrderId),
    async payment(paymentId: PaymentId, actor: Actor): Promise<Result<Payment, NotFound>> {
      const found = await queries.find(paymentId);
      return found && maySeePayment(actor, found) ? ok(found) : err({ code: 'payments.payment_not_found', paymentId });
    },
    /** An order has one payment or, before anybody wanted to pay it, none. */
    async paymentOfOrder(orderId: string, actor: Actor): Promise<Result<Payment | undefined, PaymentsErrorOf<'payments.order_not_found'>>> {
      const found = await queries.ofOrder(orderId);
      const owned = found ?? (await facts.orders.find(orderId));
      return owned && maySeePayment(actor, owned) ? ok(found) : err({ code: 'payments.order_not_found', orderId });
    },
    paymentsOfRestaurant: queries.forRestaurant,
    ledger: queries.ledger,
    balances: queries.balances,
  };
};
export type Payments = ReturnType<typeof createPayments>;
