import type { PaymentEvent } from './events.ts';
import { Payment } from './payment.ts';

/** Ids of providers that events tell of for the first time. */
export function newReferences(
  payment: Payment,
  events: readonly PaymentEvent[],
): readonly { readonly processor: string; readonly reference: string }[] {
  return events.flatMap((event) => {
    if (event.type === 'payments.attempt_opened') {
      const processor = payment.attempts.find(({ id }) => id === event.attemptId)?.processor;
      return [event.providerOrderId, event.linkId].flatMap((reference) =>
        processor === undefined || reference === null ? [] : [{ processor, reference }],
      );
    }
    if ('charge' in event) {
      const processor = Payment.attemptOf(payment, event.charge)?.processor;
      return processor === undefined ? [] : [{ processor, reference: event.charge.chargeId }];
    }
    return [];
  });
}
