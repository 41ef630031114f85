import type { Payouts } from '#application/payments/ports.ts';
import type { PayoutQueries } from '#application/payments/settlement/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { Payout, PayoutId } from '#domain/payments/payout.ts';
import { Money } from '#domain/shared/money.ts';
import { LAST } from '../../paging.ts';
import { saved } from '../../saved.ts';
import { instant, type Sql, timestamp } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';
import { findAccount } from './payout-accounts.ts';

type PayoutRecord = {
  readonly id: string;
  readonly restaurant_id: string;
  readonly processor: string;
  readonly account: string;
  readonly amount: string;
  readonly currency: string;
  readonly requested_at: string;
  readonly state: Pick<Payout, 'refusal' | 'transfers'>;
  readonly version: number;
};

const COLUMNS = 'id, restaurant_id, processor, account, amount, currency, requested_at, state, version';

const toPayout = ({ id, restaurant_id, amount, requested_at, state, ...row }: PayoutRecord): Payout =>
  Payout.check({
    ...row,
    ...state,
    id: PayoutId.of(id),
    restaurantId: restaurant_id,
    amount: Money.of(Number(amount)),
    requestedAt: instant(requested_at),
  });

const FIND = `select ${COLUMNS} from payments.payouts where id = $1::uuid`;
const LOCK_BY_TRANSFER = `select ${COLUMNS} from payments.payouts where processor = $1 and transfer_id = $2 for update`;
const INSERT = `
  insert into payments.payouts
    (id, restaurant_id, processor, account, amount, currency, requested_at, status, moved, transfer_id, state, version)
  values ($1::uuid, $2::uuid, $3, $4, $5::bigint, $6, $7::timestamptz, $8, $9::bigint, $10, $11::jsonb, $12::int)`;
const UPDATE = `
  update payments.payouts set status = $3, moved = $4::bigint, transfer_id = coalesce(transfer_id, $5), state = $6::jsonb, version = $7::int
   where id = $1::uuid and version = $2::int
  returning 1`;

export async function findPayout(sql: Sql, payoutId: PayoutId): Promise<Payout | undefined> {
  const [row] = await sql<PayoutRecord>(FIND, [payoutId]);
  return row && toPayout(row);
}

export const postgresPayouts = ({ sql, append }: PostgresTx): Payouts => ({
  lock: async (payoutId) => one(await sql<PayoutRecord>(`${FIND} for update`, [payoutId])),
  lockByTransfer: async (processor, transferId) => one(await sql<PayoutRecord>(LOCK_BY_TRANSFER, [processor, transferId])),
  async save({ state, events }) {
    const { id, restaurantId, processor, account, amount, currency, requestedAt, refusal, transfers, version } = Payout.check(state);
    append({ stream: `payout:${id}`, version, restaurantId }, events);
    const transferId = Object.keys(transfers)[0] ?? null;
    const known = [Payout.statusOf(state), Payout.moved(state), transferId, JSON.stringify({ refusal, transfers }), version + events.length];
    if (version > 0) return saved(await sql(UPDATE, [id, version, ...known]), `payout ${id}`);
    await sql(INSERT, [id, restaurantId, processor, account, amount, currency, timestamp(requestedAt), ...known]);
  },
});

const one = ([row]: readonly PayoutRecord[]): Payout | undefined => row && toPayout(row);

/** What is owed and is not in the restaurant's own till already. */
const OWED = `
  select a.restaurant_id, sum(b.credit - b.debit) as payable
    from payments.payout_accounts a
    join payments.ledger_balances b on b.restaurant_id = a.restaurant_id and b.account in ('restaurant:payable', 'cash:till')
   where a.account is not null and ($2::uuid is null or a.restaurant_id > $2::uuid)
   group by a.restaurant_id, b.currency having sum(b.credit - b.debit) >= greatest($1::bigint, 1)
   order by a.restaurant_id limit $3::int`;
const WATCHED = `
  select ${COLUMNS} from payments.payouts
   where (status in ('reserved', 'processing') or requested_at >= $1::timestamptz) and ($2::uuid is null or id > $2::uuid)
   order by id limit $3::int`;
const OF_RESTAURANT = `select ${COLUMNS} from payments.payouts where restaurant_id = $1::uuid and id < $2::uuid order by id desc limit $3::int`;

export const postgresPayoutQueries = (sql: () => Sql): PayoutQueries => ({
  account: (restaurantId) => findAccount(sql(), restaurantId),
  async owed(atLeast, after, limit) {
    const rows = await sql()<{ readonly restaurant_id: string; readonly payable: string }>(OWED, [atLeast, after ?? null, limit]);
    return rows.map((row) => ({ restaurantId: row.restaurant_id, payable: Number(row.payable) }));
  },
  async forRestaurant(restaurantId, { limit, after = LAST }) {
    return pageOf(await sql()<PayoutRecord>(OF_RESTAURANT, [restaurantId, after, limit + 1]), limit, ({ id }) => id, toPayout);
  },
  async watched(since, after, limit) {
    return (await sql()<PayoutRecord>(WATCHED, [timestamp(since), after ?? null, limit])).map(toPayout);
  },
});
