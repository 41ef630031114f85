import { distinct } from '#application/shared/distinct.ts';
import { together } from '#application/shared/together.ts';
import type { EndpointDisabled } from '#domain/webhooks/events.ts';
import { telling } from './telling.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Tells who can switch it on again that we have switched a webhook off. Who did so themselves knows. */
export const onWebhookDisabled = telling<EndpointDisabled>('notifications-webhook-disabled', ['webhooks.endpoint_disabled'], async (events, told) => {
  const ours = events.filter(({ reason }) => reason !== 'owner');
  const restaurantIds = distinct(ours.map(({ restaurantId }) => restaurantId));
  const [restaurants, holders] = [await told.restaurants(restaurantIds), await told.holders(restaurantIds, 'webhooks:write')];
  const endpoints = await together(...ours.map(({ restaurantId, endpointId }) => told.webhook(restaurantId, endpointId)));
  const webhooks = new Map(ours.map(({ endpointId }, i) => [endpointId, endpoints[i]]));
  return ({ restaurantId, endpointId, reason, at }) => {
    const webhook = reason === 'owner' ? undefined : webhooks.get(endpointId);
    if (!webhook?.isDisabled) return [];
    const why = reason === 'gone' ? 'it answered that nobody is there.' : 'it took nothing for three days.';
    return (holders.get(restaurantId) ?? []).map((accountId) => ({
      accountId,
      restaurantId,
      category: 'security',
      isCritical: false,
      expiresAt: at + 7 * DAY_MS,
      title: `The webhook at ${webhook.host} is switched off`,
      body: `${restaurants.get(restaurantId) ?? 'Your restaurant'}: ${why}`,
      link: `/restaurants/${restaurantId}/webhooks/${endpointId}`,
      channels: ['push'],
    }));
  };
});
