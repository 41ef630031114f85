import { Email } from '#domain/notifications/email.ts';
import type { Emails, NotificationsDeps } from './ports.ts';
import type { Facts, TemplateName } from './templates.ts';

export type Draft = { readonly key: string; readonly to: string; readonly template: TemplateName; readonly facts: Facts };

/** Queues mail within another module's transaction: what happened and the word of it are one. */
export const mailWithin = (emails: Emails, { vault, clock, ids }: Pick<NotificationsDeps, 'vault' | 'clock' | 'ids'>) => ({
  async enqueue({ key, to, template, facts }: Draft): Promise<void> {
    const id = ids.next();
    await emails.add(Email.queue({ id, key, to, template, sealedFacts: vault.seal(JSON.stringify(facts), id) }, clock.now()));
  },
});
