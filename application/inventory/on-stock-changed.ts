import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { Clock } from '#application/shared/ports.ts';
import { StockAlert } from '#domain/inventory/alert.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import type { InventoryTx, ItemKey } from './ports.ts';

type ShelfEvent = Extract<InventoryEvent, { readonly type: (typeof TYPES)[number] }>;

/** Whatever can change what may be promised of an item, or from what on that is little. */
const TYPES = [
  'inventory.stock_item_changed',
  'inventory.stock_moved',
  'inventory.stock_reserved',
  'inventory.reservation_settled',
  'inventory.recipe_changed',
] as const satisfies readonly InventoryEvent['type'][];

/**
 * Tells, once for each crossing, that an item runs low, is out, or has recovered. The alerts are facts in the log
 * themselves, so a replay has nothing to rebuild and says nothing.
 */
export const onStockChanged = ({ clock }: { readonly clock: Clock }): Subscription<Pick<InventoryTx, 'alerts'>> => ({
  name: 'inventory-alerts',
  types: TYPES,
  async on({ alerts }, events, isReplay) {
    if (isReplay) return;
    const now = clock.now();
    const readings = await alerts.readings(itemsOf(events as readonly RecordedEvent<ShelfEvent>[]), now);
    const crossings = readings.flatMap(({ reading, before }) => StockAlert.cross(before, reading, now) ?? []);
    if (crossings.length > 0) await alerts.save(crossings);
  },
});

/** Each item the events are about, once. */
function itemsOf(events: readonly RecordedEvent<ShelfEvent>[]): readonly ItemKey[] {
  const keys = new Map<string, ItemKey>();
  for (const { data } of events) {
    for (const stockItemId of stockItemIds(data)) keys.set(`${data.restaurantId}/${stockItemId}`, { restaurantId: data.restaurantId, stockItemId });
  }
  return [...keys.values()];
}

function stockItemIds(event: ShelfEvent): readonly string[] {
  switch (event.type) {
    case 'inventory.stock_item_changed':
      return [event.stockItemId];
    case 'inventory.recipe_changed':
      return [event.sellableId]; // Its countdown, if it has one, may have begun or ended.
    default:
      return event.lines.map(({ stockItemId }) => stockItemId);
  }
}
