import type { Balances, Reservations, StockAlerts, StockEntries } from '#application/inventory/ports.ts';
import type { Ids } from '#application/shared/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { StockAlert } from '#domain/inventory/alert.ts';
import { Balance, type Batch } from '#domain/inventory/balance.ts';
import { Movement } from '#domain/inventory/movement.ts';
import type { Recipe } from '#domain/inventory/recipe.ts';
import { Reservation } from '#domain/inventory/reservation.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import type { MemoryTx } from '../tx.ts';
import { ALERTS, BALANCES, type BalancesRow, keyOf, MOVEMENTS, type MovementRow, RECIPES, RESERVATIONS, STOCK_ITEMS } from './tables.ts';

const balancesIn = (tx: MemoryTx, restaurantId: string, stockItemId: string): readonly Balance[] =>
  tx.get<BalancesRow>(BALANCES, keyOf(restaurantId, stockItemId))?.balances ?? [];

export function writeBalances(tx: MemoryTx, restaurantId: string, stockItemId: string, balances: readonly Balance[]): void {
  tx.set(BALANCES, keyOf(restaurantId, stockItemId), { restaurantId, balances } satisfies BalancesRow);
}

export const memoryBalances = (tx: MemoryTx): Balances => ({
  async lock(restaurantId, stockItemIds) {
    const ids = [...new Set(stockItemIds)].sort();
    await tx.lock(
      BALANCES,
      ids.map((id) => keyOf(restaurantId, id)),
    );
    return ids.flatMap((id) => balancesIn(tx, restaurantId, id).toSorted(Balance.byExpiry));
  },
  async lockExpired(now, limit) {
    const due = (): { readonly restaurantId: string; readonly balance: Balance }[] =>
      tx
        .rows<BalancesRow>(BALANCES)
        .flatMap(({ restaurantId, balances }) => balances.map((balance) => ({ restaurantId, balance })))
        .filter(({ balance }) => !Balance.isUsable(balance, now) && balance.shelf > 0)
        .sort((a, b) => Balance.byExpiry(a.balance, b.balance))
        .slice(0, limit);
    // In the one order everybody locks in: by item, whatever restaurant it is in.
    const found = due().toSorted((a, b) => (a.balance.stockItemId < b.balance.stockItemId ? -1 : 1));
    const keys = new Set(found.map(({ restaurantId, balance }) => keyOf(restaurantId, balance.stockItemId)));
    for (const key of keys) await tx.lock(BALANCES, [key]);
    return due().filter(({ restaurantId, balance }) => keys.has(keyOf(restaurantId, balance.stockItemId)));
  },
});

/** The balances and the ledger move together; the balances are locked. */
function move(tx: MemoryTx, ids: Ids, movement: Movement, opens: readonly Batch[] = []): void {
  const { restaurantId, documentId, kind, from, to, lines, reason, at } = movement;
  const items = new Set(lines.map(({ stockItemId }) => stockItemId));
  const before = [...items].flatMap((stockItemId) => balancesIn(tx, restaurantId, stockItemId));
  const after = Movement.apply(before, movement, opens);
  if (!after) throw new WriteConflict(`the stock that ${documentId} moves is no longer there`);
  for (const [stockItemId, balances] of Map.groupBy(after, (balance) => balance.stockItemId)) writeBalances(tx, restaurantId, stockItemId, balances);
  for (const line of lines) {
    const row: MovementRow = { id: ids.next(), restaurantId, documentId, kind, ...line, from, to, reason, at };
    tx.insert(MOVEMENTS, keyOf(restaurantId, row.id), row);
  }
}

export const memoryStockEntries = (tx: MemoryTx, ids: Ids): StockEntries => ({
  async save({ state, events }) {
    const { restaurantId, documentId, lines, opens, kind } = state;
    tx.append({ stream: `stock_movement:${documentId}`, version: 0, restaurantId }, events);
    move(tx, ids, state, opens);
    if (kind !== 'receipt') return;
    for (const stockItemId of new Set(lines.map((line) => line.stockItemId))) {
      const left = balancesIn(tx, restaurantId, stockItemId).filter((balance) => !Balance.isDepleted(balance));
      writeBalances(tx, restaurantId, stockItemId, left);
    }
  },
});

export const memoryReservations = (tx: MemoryTx, ids: Ids): Reservations => ({
  async lock(restaurantId, orderId) {
    await tx.lock(RESERVATIONS, [keyOf(restaurantId, orderId)]);
    const reservation = tx.get<Reservation>(RESERVATIONS, keyOf(restaurantId, orderId));
    return reservation && Reservation.check(reservation);
  },
  async save({ state, events }) {
    const { restaurantId, orderId, lines, version } = Reservation.check(state);
    await tx.lock(
      BALANCES,
      lines.map(({ stockItemId }) => keyOf(restaurantId, stockItemId)),
    );
    move(tx, ids, Reservation.movement(state));
    tx.put(RESERVATIONS, keyOf(restaurantId, orderId), version, { ...state, version: version + events.length });
    tx.append({ stream: `reservation:${orderId}`, version, restaurantId }, events);
  },
});

export const memoryStockAlerts = (tx: MemoryTx): StockAlerts => ({
  async readings(items, now) {
    return items.flatMap(({ restaurantId, stockItemId }) => {
      const key = keyOf(restaurantId, stockItemId);
      const item = tx.get<StockItem>(STOCK_ITEMS, key);
      if (!item) return [];
      const isCounted = item.kind === 'ingredient' || (tx.get<Recipe>(RECIPES, key)?.countsDown ?? false);
      const available = Balance.available(balancesIn(tx, restaurantId, stockItemId), now);
      const reading = { restaurantId, stockItemId, name: item.name, unit: item.unit, available, threshold: item.lowStockThreshold, isCounted };
      return [{ reading, before: tx.get<StockAlert>(ALERTS, key) }];
    });
  },
  async save(changes) {
    for (const { state, events } of changes) {
      const { restaurantId, stockItemId, version } = state;
      tx.put(ALERTS, keyOf(restaurantId, stockItemId), version, { ...state, version: version + events.length });
      tx.append({ stream: `stock_alert:${stockItemId}`, version, restaurantId }, events);
    }
  },
});
