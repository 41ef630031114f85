import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import type { Payment, PaymentId } from '#domain/payments/payment.ts';
import { maySeePayment } from '#domain/payments/policy.ts';
import { type Actor, system } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { applyProviderFacts } from './apply-facts.ts';
import type { PaymentsDeps } from './ports.ts';
import { checkPayment } from './sweep-payments.ts';

export type ConfirmPayment = { readonly paymentId: PaymentId; readonly chargeId: string; readonly signature: string };

type Deps = Pick<PaymentsDeps, 'uow' | 'queries' | 'providers' | 'settings' | 'runtime'>;
type Refusal = PaymentsErrorOf<'payments.payment_not_found' | 'payments.bad_signature' | 'payments.nothing_to_confirm'>;

/**
 * What the browser brings back from the checkout. The signature over our own order proves that the provider sent it; what it says of
 * the money is then asked of the provider itself. When that does not answer, the payment stays as it is and is looked up soon.
 */
export const confirmPayment =
  (deps: Deps) =>
  async ({ paymentId, chargeId, signature }: ConfirmPayment, actor: Actor): Promise<Result<Payment, Refusal>> => {
    const payment = await deps.queries.find(paymentId);
    // Whoever comes back from the provider's page has no token of ours: the signature speaks for them.
    if (!payment || (actor.kind === 'account' && !maySeePayment(actor, payment))) return err({ code: 'payments.payment_not_found', paymentId });
    const checkouts = payment.attempts.filter(({ channel, providerOrderId }) => channel === 'checkout' && providerOrderId !== null);
    if (checkouts.length === 0) return err({ code: 'payments.nothing_to_confirm', channel: payment.attempts[0]?.channel ?? 'none' });
    const proved = checkouts.find(({ processor, providerOrderId }) =>
      deps.providers.get(processor)?.isCheckout({ providerOrderId: providerOrderId as string, chargeId, signature }),
    );
    const provider = proved && deps.providers.get(proved.processor);
    if (!proved || !provider) return err({ code: 'payments.bad_signature' });

    const told = await provider.charge(chargeId);
    if (told.outcome === 'succeeded') {
      const applied = await applyProviderFacts(deps)({ processor: proved.processor, facts: [told.value] }, system(`callback:${proved.processor}`));
      return ok(applied ?? payment);
    }
    return ok((await checkPayment(deps)(paymentId)) ?? payment);
  };
