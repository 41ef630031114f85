import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { Ids } from '#application/shared/ports.ts';
import type { Change } from '#domain/shared/change.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { Delivery } from '#domain/webhooks/delivery.ts';
import { Endpoint } from '#domain/webhooks/endpoint.ts';
import { EventTypes } from '#domain/webhooks/event-types.ts';
import type { DeliveryEvent } from '#domain/webhooks/events.ts';
import { bodyOf, publicEventsOf, TOLD_TYPES } from '#domain/webhooks/public-events.ts';
import type { Currencies, WebhooksTx } from './ports.ts';

export type TellingTx = WebhooksTx & { readonly currencies: Currencies };

/** Queues what happened for every endpoint that wants to know, once: what an endpoint was told of is not told by a replay. */
export const onPublicEvent = ({ ids }: { readonly ids: Ids }): Subscription<TellingTx> => ({
  name: 'webhooks-deliveries',
  types: TOLD_TYPES,
  async on(tx, events, isReplay) {
    if (isReplay) return;
    const endpoints = Map.groupBy(
      await tx.endpoints.of([...new Set(events.flatMap(({ restaurantId }) => restaurantId ?? []))]),
      (one) => one.restaurantId,
    );
    const currencies = new Map<string, string>();
    for (const restaurantId of endpoints.keys()) {
      const currency = await tx.currencies.of(restaurantId);
      invariant(currency !== undefined, `the restaurant ${restaurantId} of an endpoint is there`);
      currencies.set(restaurantId, currency);
    }

    const queued: Change<Delivery, DeliveryEvent>[] = [];
    for (const event of events) {
      const { restaurantId } = event;
      const interested = endpoints.get(restaurantId ?? '') ?? [];
      if (restaurantId === null || interested.length === 0) continue;
      for (const { type: eventType, data } of publicEventsOf(event.data, currencies.get(restaurantId) as string)) {
        const body = bodyOf(eventType, restaurantId, atOf(event), data);
        for (const endpoint of interested) {
          if (!Endpoint.collects(endpoint, event.recordedAt) || !EventTypes.wants(endpoint.eventTypes, eventType)) continue;
          const draft = { id: ids.next(), restaurantId, endpointId: endpoint.id, eventId: event.id, eventType, body };
          queued.push((endpoint.status === 'enabled' ? Delivery.queue : Delivery.miss)(draft, event.recordedAt));
        }
      }
    }
    if (queued.length > 0) await tx.deliveries.add(queued);
  },
});

const atOf = ({ data, recordedAt }: RecordedEvent): number => ('at' in data && typeof data.at === 'number' ? data.at : recordedAt);
