import type { PaymentProvider } from '#application/payments/provider.ts';
import type { BookRow } from '#domain/payments/facts.ts';
import type { Client } from './client.ts';
import { read } from './failures.ts';
import { BOOK_PAGE, pageOf, skipOf } from './pages.ts';
import { collectionOf, ReconRow } from './wire.ts';

export type Books = Pick<PaymentProvider, 'bookOf'>;

export const booksOf = ({ ask }: Client): Books => ({
  async bookOf(day, after) {
    const skip = skipOf(after);
    const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
    const query = { year, month, day: date, count: BOOK_PAGE, skip };
    return read(await ask(collectionOf(ReconRow), (sdk) => sdk.settlements.reports(query)), (rows) => pageOf(rows.map(bookRow), skip, BOOK_PAGE));
  },
});

const KINDS: Readonly<Record<string, BookRow['kind']>> = { payment: 'charge', refund: 'refund', transfer: 'transfer' };

const bookRow = (row: ReconRow): BookRow => ({
  kind: KINDS[row.type] ?? 'adjustment',
  id: row.entity_id,
  chargeId: row.type === 'payment' ? row.entity_id : row.payment_id,
  amount: row.amount,
  fee: row.fee ?? 0,
  feeTax: row.tax ?? 0,
  credit: row.credit,
  debit: row.debit,
  currency: row.currency,
  settlementId: row.settlement_id,
  utr: row.settlement_utr,
  settledAt: row.settled_at === null ? null : row.settled_at * 1_000,
  description: row.description,
  at: row.created_at * 1_000,
});
