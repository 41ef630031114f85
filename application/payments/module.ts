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
import { checkPayment } from './sweep-payments.ts';
import { recordTransfer, takeCash } from './take-money.ts';

type NotFound = PaymentsErrorOf<'payments.payment_not_found'>;

/** Everything the outside may ask of payments. */
export const createPayments = (deps: PaymentsDeps) => {
  const { queries, providers } = deps;
  return {
    openPayment: openPayment(deps),
    confirmPayment: confirmPayment(deps),
    takeCash: takeCash(deps),
    recordTransfer: recordTransfer(deps),
    requestRefund: requestRefund(deps),
    completeRefund: completeRefund(deps),
    receiveWebhook: receiveWebhook(deps),
    checkPayment: checkPayment(deps),
    /** What a browser needs to pay an open attempt; undefined where nothing is paid in a browser. */
    checkout: (processor: string, providerOrderId: string) => providers.get(processor)?.checkout(providerOrderId),
    async payment(paymentId: PaymentId, actor: Actor): Promise<Result<Payment, NotFound>> {
      const found = await queries.find(paymentId);
      return found && maySeePayment(actor, found) ? ok(found) : err({ code: 'payments.payment_not_found', paymentId });
    },
    paymentsOfRestaurant: queries.forRestaurant,
    ledger: queries.ledger,
    balances: queries.balances,
  };
};
export type Payments = ReturnType<typeof createPayments>;
