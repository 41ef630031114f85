import { Email } from '#domain/notifications/email.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { Delivery, NotificationsDeps } from './ports.ts';
import { type Facts, render } from './templates.ts';

const BATCH = 20;
const ACTOR = system('send-emails');

/**
 * Sends what is due, and tells how much that was. Mail is taken in one transaction and settled in another, so none is
 * open while a mail server thinks; what a crash leaves in between is sent once more when its lease is over.
 */
export const sendEmails =
  ({ uow, transport, vault, clock, log }: NotificationsDeps) =>
  async (): Promise<number> => {
    const taken = await uow.run(ACTOR, async ({ emails }) => {
      const at = clock.now();
      const claims = (await emails.due(at, BATCH)).map((email) => Email.claim(email, at));
      for (const claim of claims) await emails.save(claim);
      return ok(claims.map(({ state, events }) => ({ ...state, version: state.version + events.length })));
    });

    for (const email of taken.value.filter(({ status }) => status === 'processing')) {
      const delivery = await deliver(email);
      await uow.run(ACTOR, async ({ emails }) => {
        const at = clock.now();
        await emails.save(delivery.outcome === 'sent' ? Email.sent(email, at) : Email.refused(email, delivery, at));
        return ok(undefined);
      });
      if (delivery.outcome === 'refused') log.warn('a mail was refused', { emailId: email.id, attempt: email.attempts, reason: delivery.reason });
    }
    return taken.value.length;

    async function deliver({ id, to, template, sealedFacts }: Email): Promise<Delivery> {
      let facts: Facts;
      try {
        facts = JSON.parse(vault.open(sealedFacts, id)) as Facts;
      } catch {
        return { outcome: 'refused', reason: 'its text cannot be opened with the keys there are', isPermanent: true };
      }
      const written = render(template, facts);
      if (!written) return { outcome: 'refused', reason: 'there is no such template', isPermanent: true };
      return transport.send({ id, to, ...written });
    }
  };
