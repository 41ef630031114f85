import type { EndpointDisabled } from '#domain/webhooks/events.ts';
import { telling } from './telling.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Tells who can switch it on again that we have switched a webhook off. Who did so themselves knows. */
export const onWebhookDisabled = telling<EndpointDisabled>(
  'notifications-webhook-disabled',
  ['webhooks.endpoint_disabled'],
  async ({ restaurantId, endpointId, reason, at }, told) => {
    const webhook = reason === 'owner' ? undefined : await told.webhook(restaurantId, endpointId);
    if (!webhook?.isDisabled) return [];
    const [restaurant, holders] = [await told.restaurant(restaurantId), await told.holders(restaurantId, 'webhooks:write')];
    const why = reason === 'gone' ? 'it answered that nobody is there.' : 'it took nothing for three days.';
    return holders.map((accountId) => ({
      accountId,
      restaurantId,
      category: 'security',
      isCritical: false,
      expiresAt: at + 7 * DAY_MS,
      title: `The webhook at ${webhook.host} is switched off`,
      body: `${restaurant ?? 'Your restaurant'}: ${why}`,
      link: `/restaurants/${restaurantId}/webhooks/${endpointId}`,
      channels: ['push'],
    }));
  },
);
