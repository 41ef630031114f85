import type { PaymentQueries } from '#application/payments/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { PaymentId } from '#domain/payments/payment.ts';
import { LAST, newestOf } from '../paging.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import { findException } from './exceptions.ts';
import { findPayment, PAYMENT_COLUMNS, type PaymentRecord, toPayment } from './payments.ts';
import { findPayout } from './settlement/payouts.ts';

type EntryRecord = {
  readonly id: string;
  readonly account: string;
  readonly currency: string;
  readonly debit: string;
  readonly credit: string;
  readonly kind: string;
  readonly source: string;
  readonly at: string;
};

const ENTRY = 'id, account, currency, debit, credit, kind, source, at';
const LEDGER = `select ${ENTRY} from payments.ledger_entries where restaurant_id = $1::uuid and id < $2::uuid order by id desc limit $3::int`;
const OF_ACCOUNT = `
  select ${ENTRY} from payments.ledger_entries
   where restaurant_id = $4::uuid and ${newestOf('payments.ledger_entries', 'account', 'o.restaurant_id = $4::uuid and')}`;
const ALL = `select ${PAYMENT_COLUMNS} from payments.payments p where p.restaurant_id = $1::uuid and p.id < $2::uuid order by p.id desc limit $3::int`;
const OF_STATUS = `select ${PAYMENT_COLUMNS} from payments.payments p where ${newestOf('payments.payments', 'status', 'o.restaurant_id = $4::uuid and')}`;

export const postgresPaymentQueries = (sql: () => Sql): PaymentQueries => ({
  find: (paymentId) => findPayment(sql(), 'p.id', paymentId),
  ofOrder: (orderId) => findPayment(sql(), 'p.order_id', orderId),
  async forRestaurant(restaurantId, { status }, { limit, after = LAST }) {
    const rows = await (status === undefined
      ? sql()<PaymentRecord>(ALL, [restaurantId, after, limit + 1])
      : sql()<PaymentRecord>(OF_STATUS, [after, limit + 1, [status], restaurantId]));
    return pageOf(rows, limit, ({ id }) => id, toPayment);
  },
  async ledger(restaurantId, account, { limit, after = LAST }) {
    const rows = await (account === undefined
      ? sql()<EntryRecord>(LEDGER, [restaurantId, after, limit + 1])
      : sql()<EntryRecord>(OF_ACCOUNT, [after, limit + 1, [account], restaurantId]));
    return pageOf(
      rows,
      limit,
      ({ id }) => id,
      (row) => ({ ...row, debit: Number(row.debit), credit: Number(row.credit), at: instant(row.at) }),
    );
  },
  async balances(restaurantId) {
    const rows = await sql()<Pick<EntryRecord, 'account' | 'currency' | 'debit' | 'credit'>>(
      'select account, currency, debit, credit from payments.ledger_balances where restaurant_id = $1::uuid order by account, currency',
      [restaurantId],
    );
    return rows.map((row) => ({ ...row, debit: Number(row.debit), credit: Number(row.credit) }));
  },
  payout: (payoutId) => findPayout(sql(), payoutId),
  exception: (exceptionId) => findException(sql(), exceptionId),
  async dueOperations(at, limit) {
    const rows = await sql()<{ readonly id: string }>(
      'select id from payments.operations where due_at <= $1::timestamptz order by due_at limit $2::int',
      [timestamp(at), limit],
    );
    return rows.map(({ id }) => id);
  },
  async dueEvents(at, limit) {
    const rows = await sql()<{ readonly processor: string; readonly event_id: string }>(
      `select processor, event_id from payments.provider_events where status = 'received' and due_at <= $1::timestamptz order by due_at limit $2::int`,
      [timestamp(at), limit],
    );
    return rows.map(({ processor, event_id }) => ({ processor, eventId: event_id }));
  },
  async dueChecks(at, limit) {
    const rows = await sql()<{ readonly id: string }>(
      'select id from payments.payments where next_check_at <= $1::timestamptz order by next_check_at limit $2::int',
      [timestamp(at), limit],
    );
    return rows.map(({ id }) => PaymentId.of(id));
  },
});
