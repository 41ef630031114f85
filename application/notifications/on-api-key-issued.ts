import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { ApiKeyEvent } from '#domain/identity/events.ts';
import type { MailTx } from './on-refund-requested.ts';

type Issued = Extract<ApiKeyEvent, { readonly type: 'identity.api_key_issued' }>;

/** Tells people of a key that was made in their name: whoever had their session for a moment would keep it for ever. */
export const onApiKeyIssued: Subscription<MailTx> = {
  name: 'notifications-api-key',
  types: ['identity.api_key_issued'],
  async on({ mail, recipients }, events, isReplay) {
    if (isReplay) return;
    for (const { data } of events as readonly RecordedEvent<Issued>[]) {
      const recipient = await recipients.find(data.issuedBy);
      if (recipient === undefined) continue;
      const what = `An API key was made in your name: ${data.name}. It may: ${data.scopes.join(', ')}.`;
      await mail.enqueue({
        key: `api-key:${data.apiKeyId}`,
        to: recipient.email,
        template: 'security_notice',
        facts: { name: recipient.displayName, what },
      });
    }
  },
};
