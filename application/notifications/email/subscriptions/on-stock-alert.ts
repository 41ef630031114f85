import { distinct } from '#application/shared/distinct.ts';
import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import type { Draft } from '../mail-within.ts';
import { quantityText, timeText } from '../wording.ts';
import type { MailTx } from './told.ts';

type Alert = Extract<InventoryEvent, { readonly type: 'inventory.stock_low' | 'inventory.stock_out' }>;

/** Tells who answers for a restaurant what it is short of: one mail each for what was noticed together. */
export const onStockAlert: Subscription<MailTx> = {
  name: 'notifications-low-stock',
  types: ['inventory.stock_low', 'inventory.stock_out'],
  async on({ mail, told }, events, isReplay) {
    if (isReplay) return;
    const alerts = events as readonly RecordedEvent<Alert>[];
    const restaurantIds = distinct(alerts.map(({ data }) => data.restaurantId));
    const restaurants = await told.restaurants(restaurantIds);
    const drafts: Draft[] = [];
    for (const restaurantId of restaurantIds) {
      const restaurant = restaurants.get(restaurantId);
      if (!restaurant) continue;
      const people = await told.people(await told.responsible(restaurantId, 'owners and managers'));
      const [first, ...more] = alerts.filter(({ data }) => data.restaurantId === restaurantId);
      if (!first) continue;
      const items = [first, ...more].map(({ data }) => ({
        name: data.name,
        left: quantityText(data.available, data.unit),
        threshold: quantityText(data.threshold, data.unit),
        isOut: data.type === 'inventory.stock_out',
      }));
      for (const [accountId, { email, displayName }] of people) {
        const facts = {
          name: displayName,
          restaurant: restaurant.name,
          at: timeText(first.data.at, restaurant),
          items,
          isOut: items.some(({ isOut }) => isOut),
        };
        drafts.push({ key: `stock:${first.id}:${accountId}`, to: email, template: 'low_stock', facts, traceId: first.traceId });
      }
    }
    await mail.enqueueAll(drafts);
  },
};
