import { together } from '#application/shared/together.ts';
import { allocate, total } from '#domain/inventory/allocation.ts';
import { type Outcome, Reservation } from '#domain/inventory/reservation.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import type { InventoryTx } from './ports.ts';

export type ReserveStock = {
  readonly restaurantId: string;
  readonly orderId: string;
  /** In thousandths of each item's unit. */
  readonly demand: readonly { readonly stockItemId: string; readonly quantity: number }[];
  /** Of the recipes that the demand was made by. */
  readonly revision: number;
  readonly expiresAt: number | null;
  /** When it will be eaten: what has expired by then is not held for it. */
  readonly usableAt: number;
  readonly at: number;
};
export type SettleStock = { readonly restaurantId: string; readonly orderId: string; readonly outcome: Outcome; readonly at: number };

/** What was short, in the item's unit, for people. */
export type MissingStock = {
  readonly stockItemId: string;
  readonly name: string;
  readonly unit: string;
  readonly needed: number;
  readonly available: number;
};

/** Stock inside another module's transaction. What it locks stays locked until that commits, so it is best called last. */
export const stockWithin = (tx: Pick<InventoryTx, 'stockItems' | 'balances' | 'reservations' | 'recipes'>) => ({
  /**
   * Holds the whole demand for the order, first-expired first, or nothing of it. 'stale' when the recipes have changed since
   * the demand was made: another process may have begun to count an item down. Without a demand there is nothing to hold.
   */
  async reserve({
    restaurantId,
    orderId,
    demand,
    revision,
    expiresAt,
    usableAt,
    at,
  }: ReserveStock): Promise<readonly MissingStock[] | 'reserved' | 'stale'> {
    const wanted = total(demand);
    const stockItemIds = wanted.map(({ stockItemId }) => stockItemId);
    const [current, balances] = await together(
      tx.recipes.revision(restaurantId),
      wanted.length === 0 ? Promise.resolve([]) : tx.balances.lock(restaurantId, stockItemIds),
    );
    if (current !== revision) return 'stale';
    if (wanted.length === 0) return 'reserved';
    const allocated = allocate(wanted, balances, usableAt);
    if (allocated.ok) {
      await tx.reservations.save(Reservation.hold({ restaurantId, orderId, lines: allocated.value, expiresAt }, at));
      return 'reserved';
    }
    const items = await tx.stockItems.findAll(
      restaurantId,
      allocated.error.map(({ stockItemId }) => stockItemId),
    );
    const byId = new Map(items.map((item) => [item.id, item]));
    return allocated.error.map(({ stockItemId, needed, available }) => {
      const item = byId.get(stockItemId);
      invariant(item !== undefined, `a recipe of restaurant ${restaurantId} takes ${stockItemId}, which it does not stock`);
      return { stockItemId, name: item.name, unit: item.unit, needed: Quantity.toUnits(needed), available: Quantity.toUnits(available) };
    });
  },

  /** Ends the order's hold, exactly once. An order that holds nothing, or whose hold ended this way before, is fine. */
  async settle({ restaurantId, orderId, outcome, at }: SettleStock): Promise<void> {
    const reservation = await tx.reservations.lock(restaurantId, orderId);
    if (!reservation) return;
    const settled = Reservation.settle(reservation, outcome, at);
    if (settled.ok) return tx.reservations.save(settled.value);
    invariant(settled.error.settled === outcome, `the stock of order ${orderId} was ${settled.error.settled} and cannot be ${outcome}`);
  },
});
