import type { Payment, ReconRow, Settlement } from '../world/entities.ts';
import type { World } from '../world/world.ts';

type Entry = Pick<ReconRow, 'entity_id' | 'type' | 'amount' | 'currency'> &
  Partial<Pick<ReconRow, 'debit' | 'credit' | 'fee' | 'tax' | 'description' | 'dispute_id'>> & { readonly payment?: Payment | undefined };

/** Writes down what one thing did to the balance. */
export function post(world: World, { payment, ...entry }: Entry): void {
  const order = payment?.order_id ? world.tables.orders.get(payment.order_id) : undefined;
  world.tables.books.push({
    debit: 0,
    credit: 0,
    fee: 0,
    tax: 0,
    on_hold: false,
    settled: false,
    created_at: world.now(),
    settled_at: null,
    settlement_id: null,
    posted_at: null,
    credit_type: 'default',
    description: payment?.description ?? null,
    notes: JSON.stringify(payment?.notes ?? {}),
    payment_id: entry.type === 'payment' ? null : (payment?.id ?? null),
    settlement_utr: null,
    order_id: payment?.order_id ?? null,
    order_receipt: order?.receipt ?? null,
    method: payment?.method ?? null,
    card_network: payment?.card?.network ?? null,
    card_issuer: payment?.card?.issuer ?? null,
    card_type: payment?.card?.type ?? null,
    dispute_id: null,
    ...entry,
  });
}

/** What is here and not yet at the bank. */
export const balanceOf = (world: World): number =>
  world.tables.books.filter(({ settled }) => !settled).reduce((sum, { credit, debit }) => sum + credit - debit, world.settings.openingBalance);

/** A fee with the tax on it: `tax` is part of `fee`. */
export function feeOf(amount: number, rate: number, taxRate: number): { readonly fee: number; readonly tax: number } {
  const base = Math.round(amount * rate);
  const tax = Math.round(base * taxRate);
  return { fee: base + tax, tax };
}

/** Pays everything out that is older than `olderThanSeconds`, in one sum; nothing when the sum is not positive. */
export function settle(world: World, olderThanSeconds = 0): Settlement | undefined {
  const odd = world.faults.strike('P8', 'settle');
  if (odd) {
    const amount = Math.abs(odd.amount ?? 150);
    post(world, {
      entity_id: world.id('adj'),
      type: 'adjustment',
      amount,
      debit: amount,
      currency: 'INR',
      fee: 0,
      tax: 0,
      description: 'Adjustment of fees',
    });
  }
  const rows = world.tables.books.filter((row) => !row.settled && row.created_at <= world.now() - olderThanSeconds);
  const amount = rows.reduce((sum, { credit, debit }) => sum + credit - debit, 0);
  if (amount <= 0) return undefined;

  const settlement: Settlement = {
    id: world.id('setl'),
    entity: 'settlement',
    amount,
    status: 'processed',
    fees: rows.reduce((sum, { fee }) => sum + fee, 0),
    tax: rows.reduce((sum, { tax }) => sum + tax, 0),
    utr: world.chance.text(16).toUpperCase(),
    created_at: world.now(),
  };
  world.tables.settlements.set(settlement.id, settlement);
  for (const row of rows) {
    Object.assign(row, { settled: true, settled_at: world.now(), settlement_id: settlement.id, settlement_utr: settlement.utr });
  }
  world.webhooks.emit('settlement.processed', { settlement });
  return settlement;
}
