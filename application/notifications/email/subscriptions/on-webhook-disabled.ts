import { distinct } from '#application/shared/distinct.ts';
import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { EMAIL_TEMPLATES } from '#domain/notifications/email/templates.ts';
import type { EndpointDisabled } from '#domain/webhooks/events.ts';
import type { Draft } from '../mail-within.ts';
import { timeText } from '../wording.ts';
import type { MailTx } from './told.ts';

/** Tells who answers for a restaurant that we have switched one of its webhooks off, once each time, unless it is on again or gone by now. */
export const onWebhookDisabled = ({ partners }: { readonly partners: string }): Subscription<MailTx> => ({
  name: 'notifications-webhook-mails',
  types: ['webhooks.endpoint_disabled'],
  async on({ mail, told }, events, isReplay) {
    if (isReplay) return;
    const disabled = (events as readonly RecordedEvent<EndpointDisabled>[]).filter(({ data }) => data.reason !== 'owner');
    const restaurants = await told.restaurants(distinct(disabled.map(({ data }) => data.restaurantId)));
    const drafts: Draft[] = [];
    for (const { id, traceId, data } of disabled) {
      const { restaurantId, endpointId, reason, at } = data;
      const [restaurant, webhook] = [restaurants.get(restaurantId), await told.webhook(restaurantId, endpointId)];
      if (!restaurant || !webhook?.isDisabled) continue;
      const facts = {
        restaurant: restaurant.name,
        host: webhook.host,
        note: webhook.description,
        at: timeText(at, restaurant),
        isGone: reason === 'gone',
        link: `${partners.replace(/\/$/, '')}/restaurants/${restaurantId}/webhooks/${endpointId}`,
      };
      const about = { template: 'webhook_disabled', expiresAt: at + EMAIL_TEMPLATES.webhook_disabled.lifeMs, traceId } as const;
      for (const [accountId, { email, displayName }] of await told.people(await told.responsible(restaurantId, 'owners and managers')))
        drafts.push({ ...about, key: `webhook:${id}:${accountId}`, to: email, facts: { ...facts, name: displayName } });
    }
    await mail.enqueueAll(drafts);
  },
});
