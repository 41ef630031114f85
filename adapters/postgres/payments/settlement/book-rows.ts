import type { BookQueries, BookRowStore } from '#application/payments/settlement/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { KnownRow } from '#domain/payments/settlement/book-row.ts';
import { instant, type Sql, timestamp } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

type RowRecord = {
  readonly processor: string;
  readonly kind: KnownRow['kind'];
  readonly id: string;
  readonly restaurant_id: string | null;
  readonly payment_id: string | null;
  readonly payout_id: string | null;
  readonly charge_id: string | null;
  readonly amount: string;
  readonly fee: string;
  readonly fee_tax: string;
  readonly known_fee: string;
  readonly known_fee_tax: string;
  readonly credit: string;
  readonly debit: string;
  readonly currency: string;
  readonly settlement_id: string | null;
  readonly utr: string | null;
  readonly settled_at: string | null;
  readonly description: string | null;
  readonly at: string;
};

const COLUMNS = `processor, kind, id, restaurant_id, payment_id, payout_id, charge_id, amount, fee, fee_tax, known_fee, known_fee_tax, credit, debit,
  currency, settlement_id, utr, settled_at, description, at`;

const toRow = (row: RowRecord): KnownRow => ({
  processor: row.processor,
  kind: row.kind,
  id: row.id,
  restaurantId: row.restaurant_id,
  paymentId: row.payment_id,
  payoutId: row.payout_id,
  chargeId: row.charge_id,
  amount: Number(row.amount),
  fee: Number(row.fee),
  feeTax: Number(row.fee_tax),
  knownFee: Number(row.known_fee),
  knownFeeTax: Number(row.known_fee_tax),
  credit: Number(row.credit),
  debit: Number(row.debit),
  currency: row.currency,
  settlementId: row.settlement_id,
  utr: row.utr,
  settledAt: row.settled_at === null ? null : instant(row.settled_at),
  description: row.description,
  at: instant(row.at),
});

const FIND = `select ${COLUMNS} from payments.book_rows where processor = $1 and kind = $2 and id = $3 for update`;
const SAVE = `
  insert into payments.book_rows (${COLUMNS})
  values ($1, $2, $3, $4::uuid, $5::uuid, $6::uuid, $7, $8::bigint, $9::bigint, $10::bigint, $11::bigint, $12::bigint, $13::bigint, $14::bigint,
          $15, $16, $17, $18::timestamptz, $19, $20::timestamptz)
  on conflict (processor, kind, id) do update
     set settlement_id = excluded.settlement_id, utr = excluded.utr, settled_at = excluded.settled_at, restaurant_id = excluded.restaurant_id,
         payment_id = excluded.payment_id, payout_id = excluded.payout_id, known_fee = excluded.known_fee, known_fee_tax = excluded.known_fee_tax`;

export const postgresBookRows = ({ sql }: PostgresTx): BookRowStore => ({
  async find({ processor, kind, id }) {
    const [row] = await sql<RowRecord>(FIND, [processor, kind, id]);
    return row && toRow(row);
  },
  async save(row) {
    const { processor, kind, id, restaurantId, paymentId, payoutId, chargeId, amount, fee, feeTax, knownFee, knownFeeTax, credit, debit } = row;
    const of = [processor, kind, id, restaurantId, paymentId, payoutId, chargeId];
    const money = [amount, fee, feeTax, knownFee, knownFeeTax, credit, debit, row.currency];
    const settled = [row.settlementId, row.utr, row.settledAt === null ? null : timestamp(row.settledAt)];
    await sql(SAVE, [...of, ...money, ...settled, row.description, timestamp(row.at)]);
  },
});

type SettlementRecord = {
  readonly settlement_id: string;
  readonly processor: string;
  readonly utr: string | null;
  readonly settled_at: string;
  readonly currency: string;
  readonly net: string;
  readonly fees: string;
  readonly tax: string;
  readonly rows: string;
};

/** What the provider kept, tax included: below zero where it gave back what it had kept. */
export const KEPT = `(case when kind = 'charge' or (kind = 'adjustment' and credit > debit) then amount else -amount end - (credit - debit))`;
const SETTLEMENTS = `
  select settlement_id, processor, max(utr) as utr, settled_at, currency, sum(credit - debit) as net, sum(${KEPT} - fee_tax) as fees, sum(fee_tax) as tax,
         count(*) as rows
    from payments.book_rows
   where restaurant_id = $1::uuid and settlement_id is not null and (settled_at, settlement_id) < ($2::timestamptz, $3)
   group by settled_at, settlement_id, processor, currency
   order by settled_at desc, settlement_id desc limit $4::int`;
const ROWS_OF = `
  select ${COLUMNS} from payments.book_rows
   where restaurant_id = $1::uuid and settlement_id = $2 and (kind, id) > ($3, $4) order by kind, id limit $5::int`;
/** Ids of payments tell when they were opened; a customer has a week at most to pay what was opened. */
const UNLISTED = `
  select p.id, p.restaurant_id, c.key as charge_id, c.value ->> 'amount' as amount, c.value ->> 'currency' as currency
    from payments.payments p
   cross join lateral jsonb_each(p.state #> '{observed,charges}') c
   where p.id >= $2::uuid and p.opened_at <= $4::timestamptz
     and c.value ->> 'status' = 'captured' and (c.value ->> 'at')::bigint between $3::bigint and $5::bigint
     and exists (select 1 from jsonb_array_elements(p.state -> 'attempts') a
                  where a ->> 'processor' = $1 and a ->> 'providerOrderId' = c.value ->> 'providerOrderId')
     and not exists (select 1 from payments.listed_charges l where l.processor = $1 and l.charge_id = c.key)
     and (p.id::text, c.key) > ($6, $7)
   order by p.id::text, c.key limit $8::int`;

const NEWEST = 'infinity';
const WEEK_MS = 7 * 24 * 60 * 60_000;
const split = (cursor: string): readonly [string, string] => cursor.split('~', 2) as [string, string];
/** The least id that can have been made at an instant. */
const idAt = (at: number): string => {
  const hex = Math.max(0, at).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
};

type UnlistedRecord = {
  readonly id: string;
  readonly restaurant_id: string;
  readonly charge_id: string;
  readonly amount: string;
  readonly currency: string;
};

export const postgresBookQueries = (sql: () => Sql): BookQueries => ({
  async settlements(restaurantId, { limit, after }) {
    const [at, id] = after === undefined ? [NEWEST, ''] : split(after);
    const before = at === NEWEST ? NEWEST : timestamp(Number(at));
    const rows = await sql()<SettlementRecord>(SETTLEMENTS, [restaurantId, before, id, limit + 1]);
    return pageOf(
      rows,
      limit,
      (row) => `${instant(row.settled_at)}~${row.settlement_id}`,
      ({ settlement_id, settled_at, net, fees, tax, rows: count, ...row }) => {
        const taken = Number(fees) + Number(tax);
        return {
          ...row,
          settlementId: settlement_id,
          settledAt: instant(settled_at),
          gross: Number(net) + taken,
          fees: Number(fees),
          tax: Number(tax),
          net: Number(net),
          rows: Number(count),
        };
      },
    );
  },
  async rowsOf(restaurantId, settlementId, { limit, after }) {
    const [kind, id] = after === undefined ? ['', ''] : split(after);
    const rows = await sql()<RowRecord>(ROWS_OF, [restaurantId, settlementId, kind, id, limit + 1]);
    return pageOf(rows, limit, (row) => `${row.kind}~${row.id}`, toRow);
  },
  async unlisted(processor, from, to, after, limit) {
    const [paymentId, chargeId] = after === null ? ['', ''] : split(after);
    const rows = await sql()<UnlistedRecord>(UNLISTED, [processor, idAt(from - WEEK_MS), from, timestamp(to), to, paymentId, chargeId, limit]);
    return rows.map(({ id, restaurant_id, charge_id, amount, currency }) => ({
      paymentId: id,
      restaurantId: restaurant_id,
      chargeId: charge_id,
      amount: Number(amount),
      currency,
    }));
  },
});
