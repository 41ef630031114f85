import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { IdentityEvent } from '#domain/identity/events.ts';
import { plainText } from '#domain/notifications/email/plain-text.ts';
import type { Draft } from '../mail-within.ts';
import type { MailTx, Told } from './told.ts';

const NAME_MAX = 60;

/** Tells of changes that no use case mails by itself: keys of a restaurant, names to sign in with, and a session that two held. */
export const onCredentialChanged: Subscription<MailTx> = {
  name: 'notifications-credential-notices',
  types: ['identity.api_key_issued', 'identity.api_key_revoked', 'identity.profile_changed', 'identity.session_revoked'],
  async on({ mail, told }, events, isReplay) {
    if (isReplay) return;
    const drafts: Draft[] = [];
    for (const { id, data, traceId } of events as readonly RecordedEvent<IdentityEvent>[]) {
      const what = whatOf(data);
      if (what === undefined) continue;
      for (const [accountId, { email, displayName }] of await told.people(await concernedBy(data, told))) {
        drafts.push({ key: `notice:${id}:${accountId}`, to: email, template: 'security_notice', facts: { name: displayName, what }, traceId });
      }
    }
    await mail.enqueueAll(drafts);
  },
};

async function concernedBy(event: IdentityEvent, told: Told): Promise<readonly string[]> {
  if (event.type === 'identity.api_key_issued' || event.type === 'identity.api_key_revoked') return told.responsible(event.restaurantId, 'owners');
  return 'accountId' in event && event.accountId !== null ? [event.accountId] : [];
}

function whatOf(event: IdentityEvent): string | undefined {
  switch (event.type) {
    case 'identity.api_key_issued':
      return `An API key was made for your restaurant: “${plainText(event.name, NAME_MAX)}”. Programs that hold it act for the restaurant.`;
    case 'identity.api_key_revoked':
      return 'An API key of your restaurant was revoked: it opens nothing any more.';
    case 'identity.session_revoked':
      return event.reason === 'token_reused'
        ? 'One of your sessions was ended, because it was used from two places at once. Somebody may have copied it.'
        : undefined;
    case 'identity.profile_changed': {
      const changed = ['phone', 'username']
        .filter((field) => event.fields.includes(field))
        .map((field) => (field === 'phone' ? 'phone number' : field));
      return changed.length > 0 ? `What you sign in with was changed: your ${changed.join(' and ')}.` : undefined;
    }
    default:
      return undefined;
  }
}
