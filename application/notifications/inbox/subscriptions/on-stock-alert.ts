import { distinct } from '#application/shared/distinct.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import { telling } from './telling.ts';

const DAY_MS = 24 * 60 * 60_000;
type Alert = Extract<InventoryEvent, { readonly type: 'inventory.stock_low' | 'inventory.stock_out' }>;

/** Tells who looks after the stock that something runs out. */
export const onStockAlert = telling<Alert>('notifications-stock-alert', ['inventory.stock_low', 'inventory.stock_out'], async (events, told) => {
  const restaurantIds = distinct(events.map(({ restaurantId }) => restaurantId));
  const [restaurants, holders] = [await told.restaurants(restaurantIds), await told.holders(restaurantIds, 'stock:write')];
  return ({ type, restaurantId, name, at }) => {
    const isOut = type === 'inventory.stock_out';
    return (holders.get(restaurantId) ?? []).map((accountId) => ({
      accountId,
      restaurantId,
      category: 'stock',
      isCritical: false,
      expiresAt: at + DAY_MS,
      title: isOut ? `${name} has run out` : `${name} runs low`,
      body: `${restaurants.get(restaurantId) ?? 'Your restaurant'}: ${isOut ? 'nothing is left to sell.' : 'less is left than you wished to be told of.'}`,
      link: `/restaurants/${restaurantId}/stock-levels`,
      channels: ['push'],
    }));
  };
});
