import type { BookQueries, BookRowStore, RowKey, Settlement, Walk, Walks } from '#application/payments/settlement/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { Payment } from '#domain/payments/payment.ts';
import { BookRows, type KnownRow } from '#domain/payments/settlement/book-row.ts';
import type { MemoryStore } from '../../store.ts';
import type { MemoryTx } from '../../tx.ts';
import { BOOK_ROWS, LISTED, PAYMENTS, referenceKey, WALKS } from '../tables.ts';

const keyOf = ({ processor, kind, id }: RowKey): string => JSON.stringify([processor, kind, id]);

export const memoryBookRows = (tx: MemoryTx): BookRowStore => ({
  async find(key) {
    await tx.lock(BOOK_ROWS, [keyOf(key)]);
    return tx.get<KnownRow>(BOOK_ROWS, keyOf(key));
  },
  async save(row) {
    tx.set(BOOK_ROWS, keyOf(row), row);
  },
});

type Listed = { readonly at: number };

export const memoryWalks = (tx: MemoryTx): Walks => ({
  find: async (id) => tx.get<Walk>(WALKS, id),
  async save(walk) {
    tx.set(WALKS, walk.id, walk);
  },
  async list(processor, chargeIds, at) {
    for (const chargeId of chargeIds) {
      const key = referenceKey(processor, chargeId);
      if (tx.get(LISTED, key) === undefined) tx.insert(LISTED, key, { key, at });
    }
  },
  async forgetListed(before) {
    for (const { key, at } of tx.rows<Listed & { readonly key: string }>(LISTED)) if (at < before) tx.delete(LISTED, key);
  },
});

/** Of two rows of a list that is read from its end, by a time and a name. */
const isBefore = (at: number, id: string, after: string | undefined): boolean => {
  if (after === undefined) return true;
  const [time, name] = after.split('~', 2) as [string, string];
  return at < Number(time) || (at === Number(time) && id < name);
};

export const memoryBookQueries = (store: MemoryStore): BookQueries => ({
  async settlements(restaurantId, { limit, after }) {
    const rows = store.rows<KnownRow>(BOOK_ROWS).filter((row) => row.restaurantId === restaurantId && row.settlementId !== null);
    const found = [...Map.groupBy(rows, (row) => row.settlementId as string).entries()]
      .map(([settlementId, all]) => settlementOf(settlementId, all))
      .filter(({ settledAt, settlementId }) => isBefore(settledAt, settlementId, after))
      .sort((a, b) => b.settledAt - a.settledAt || (a.settlementId < b.settlementId ? 1 : -1));
    return pageOf(
      found.slice(0, limit + 1),
      limit,
      ({ settledAt, settlementId }) => `${settledAt}~${settlementId}`,
      (settlement) => settlement,
    );
  },
  async rowsOf(restaurantId, settlementId, { limit, after = '' }) {
    const nameOf = ({ kind, id }: KnownRow): string => `${kind}~${id}`;
    const found = store
      .rows<KnownRow>(BOOK_ROWS)
      .filter((row) => row.restaurantId === restaurantId && row.settlementId === settlementId && nameOf(row) > after)
      .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    return pageOf(found.slice(0, limit + 1), limit, nameOf, (row) => row);
  },
  async unlisted(processor, from, to, after, limit) {
    return store
      .rows<Payment>(PAYMENTS)
      .flatMap((payment) =>
        Payment.capturedCharges(payment)
          .filter((charge) => charge.at >= from && charge.at <= to && Payment.attemptOf(payment, charge)?.processor === processor)
          .map(({ chargeId, amount, currency }) => ({ paymentId: payment.id, restaurantId: payment.restaurantId, chargeId, amount, currency })),
      )
      .filter(({ chargeId }) => store.row(LISTED, referenceKey(processor, chargeId)) === undefined)
      .map((charge) => ({ charge, cursor: `${charge.paymentId}~${charge.chargeId}` }))
      .filter(({ cursor }) => after === null || cursor > after)
      .sort((a, b) => (a.cursor < b.cursor ? -1 : 1))
      .slice(0, limit)
      .map(({ charge }) => charge);
  },
});

function settlementOf(settlementId: string, rows: readonly KnownRow[]): Settlement {
  const sum = (of: (row: KnownRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const [first] = rows as [KnownRow];
  const net = sum(BookRows.net);
  const [kept, tax] = [sum(BookRows.kept), sum((row) => row.feeTax)];
  const { processor, currency } = first;
  const settledAt = Math.max(...rows.map((row) => row.settledAt ?? 0));
  const utr = rows.find((row) => row.utr !== null)?.utr ?? null;
  return { settlementId, processor, utr, settledAt, currency, gross: net + kept, fees: kept - tax, tax, net, rows: rows.length };
}
