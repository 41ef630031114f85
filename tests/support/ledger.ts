import type { Balance } from '#domain/inventory/balance.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import type { MovementLine, Place } from '#domain/inventory/movement.ts';
import { GOES_TO } from '#domain/inventory/reservation.ts';

type Leg = { readonly restaurantId: string; readonly from: Place; readonly to: Place } & MovementLine;

/** What each event moved, if it moved anything. */
export function legsOf(events: readonly InventoryEvent[]): readonly Leg[] {
  return events.flatMap((event): readonly Leg[] => {
    switch (event.type) {
      case 'inventory.stock_moved':
        return event.lines.map((line) => ({ ...line, restaurantId: event.restaurantId, from: event.from, to: event.to }));
      case 'inventory.stock_reserved':
        return event.lines.map((line) => ({ ...line, restaurantId: event.restaurantId, from: 'shelf', to: 'held' }));
      case 'inventory.reservation_settled':
        return event.lines.map((line) => ({ ...line, restaurantId: event.restaurantId, from: 'held', to: GOES_TO[event.outcome] }));
      default:
        return [];
    }
  });
}

/** How much of each batch is in each place, `restaurant/item/batch/place`; what is nowhere is left out. */
export function placesOf(legs: readonly Leg[]): Record<string, number> {
  const places: Record<string, number> = {};
  for (const { restaurantId, stockItemId, batchId, from, to, quantity } of legs) {
    for (const [place, sign] of [
      [from, -1],
      [to, 1],
    ] as const) {
      const key = `${restaurantId}/${stockItemId}/${batchId}/${place}`;
      places[key] = (places[key] ?? 0) + sign * quantity;
    }
  }
  return Object.fromEntries(Object.entries(places).filter(([, quantity]) => quantity !== 0));
}

/** The part of the places that balances are kept of. */
export const stockedIn = (places: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(places).filter(([key]) => /\/(shelf|held)$/.test(key)));

export const placesOfBalances = (balances: readonly (Balance & { readonly restaurantId: string })[]): Record<string, number> =>
  Object.fromEntries(
    balances
      .flatMap(({ restaurantId, stockItemId, batchId, shelf, held }) => [
        [`${restaurantId}/${stockItemId}/${batchId}/shelf`, shelf as number] as const,
        [`${restaurantId}/${stockItemId}/${batchId}/held`, held as number] as const,
      ])
      .filter(([, quantity]) => quantity !== 0),
  );

/** The sum of each item over all places, which is zero. */
export function totalsOf(places: Record<string, number>): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const [key, quantity] of Object.entries(places)) {
    const item = key.split('/').slice(0, 2).join('/');
    totals[item] = (totals[item] ?? 0) + quantity;
  }
  return totals;
}
