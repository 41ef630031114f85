import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PaymentsDeps } from './ports.ts';

export type ReceiveWebhook = {
  readonly processor: string;
  readonly body: Uint8Array;
  readonly signature: string;
  readonly eventId: string | undefined;
};

/** Keeps what a provider sent, byte for byte, before anybody says thank you; the same event twice is kept once. Forged ones leave nothing. */
export const receiveWebhook =
  ({ uow, providers, runtime: { clock } }: Pick<PaymentsDeps, 'uow' | 'providers' | 'runtime'>) =>
  async ({ processor, body, signature, eventId }: ReceiveWebhook): Promise<Result<'new' | 'known', PaymentsErrorOf<'payments.bad_signature'>>> => {
    const provider = providers.get(processor);
    if (!provider?.isWebhook(body, signature)) return err({ code: 'payments.bad_signature' });
    const event = provider.readWebhook(body, eventId);
    const receivedAt = clock.now();
    const received = {
      processor,
      eventId: event?.eventId ?? eventId ?? `unreadable-${receivedAt}`,
      type: event?.type ?? 'unreadable',
      body,
      receivedAt,
      tries: 0,
    };
    return uow.run(system(`webhook:${processor}`), async (tx) => ok((await tx.inbox.receive(received)) ? 'new' : 'known'));
  };
