import { Quantity } from '../shared/quantity.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { Balance, STOCK_MAX } from './balance.ts';
import type { MovementLine } from './movement.ts';

/** How much of which stock item is wanted. */
export type Demand = readonly { readonly stockItemId: string; readonly quantity: number }[];
export type Shortage = { readonly stockItemId: string; readonly needed: Quantity; readonly available: Quantity };

/** More than there can be of anything: a demand beyond it is as short as one of it. */
const DEMAND_MAX = 1_000 * STOCK_MAX;

/** Each stock item once, in the order of their ids, and nothing that is not wanted. */
export function total(demand: Demand): readonly { readonly stockItemId: string; readonly quantity: Quantity }[] {
  const wanted = new Map<string, number>();
  for (const { stockItemId, quantity } of demand) wanted.set(stockItemId, (wanted.get(stockItemId) ?? 0) + quantity);
  return [...wanted]
    .filter(([, quantity]) => quantity > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([stockItemId, quantity]) => ({ stockItemId, quantity: Quantity.of(Math.min(quantity, DEMAND_MAX)) }));
}

/** Takes a quantity off the shelves of these batches, one after the other as they stand; what they do not have is left out. */
export function take(quantity: number, balances: readonly Balance[]): readonly MovementLine[] {
  const lines: MovementLine[] = [];
  let left = quantity;
  for (const { stockItemId, batchId, shelf } of balances) {
    const taken = Math.min(left, shelf);
    if (taken > 0) lines.push({ stockItemId, batchId, quantity: Quantity.of(taken) });
    left -= taken;
  }
  return lines;
}

/**
 * Meets the whole demand from usable batches, first expired first, or says what is short and takes nothing.
 * Items that stand twice in the demand are added up before anything is compared.
 */
export function allocate(demand: Demand, balances: readonly Balance[], now: number): Result<readonly MovementLine[], readonly Shortage[]> {
  const usable = Map.groupBy(balances.filter((balance) => Balance.isUsable(balance, now)).sort(Balance.byExpiry), ({ stockItemId }) => stockItemId);
  const lines: MovementLine[] = [];
  const shortages: Shortage[] = [];
  for (const { stockItemId, quantity } of total(demand)) {
    const batches = usable.get(stockItemId) ?? [];
    const available = Balance.shelf(batches);
    if (available < quantity) shortages.push({ stockItemId, needed: quantity, available });
    else lines.push(...take(quantity, batches));
  }
  return shortages.length > 0 ? err(shortages) : ok(lines);
}
