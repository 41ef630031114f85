import type { PayoutAccounts } from '#application/payments/settlement/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { PayoutAccount } from '#domain/payments/settlement/payout-account.ts';
import { saved } from '../../saved.ts';
import type { Sql } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

type AccountRecord = {
  readonly restaurant_id: string;
  readonly processor: string | null;
  readonly account: string | null;
  readonly commission_basis_points: number | null;
  readonly version: number;
};

const FIND =
  'select restaurant_id, processor, account, commission_basis_points, version from payments.payout_accounts where restaurant_id = $1::uuid';
const PAYABLE = `
  select coalesce(sum(credit - debit), 0) as payable from payments.ledger_balances
   where restaurant_id = $1::uuid and currency = $2 and account in ('restaurant:payable', 'cash:till')`;
const INSERT = `
  insert into payments.payout_accounts (restaurant_id, processor, account, commission_basis_points, version)
  values ($1::uuid, $2, $3, $4::int, $5::int) on conflict do nothing returning 1`;
const UPDATE = `
  update payments.payout_accounts set processor = $2, account = $3, commission_basis_points = $4::int, version = $5::int
   where restaurant_id = $1::uuid and version = $6::int
  returning 1`;

const toAccount = ({ restaurant_id, processor, account, commission_basis_points, version }: AccountRecord): PayoutAccount =>
  PayoutAccount.check({ restaurantId: restaurant_id, processor, account, commissionBasisPoints: commission_basis_points, version });

export async function findAccount(sql: Sql, restaurantId: string): Promise<PayoutAccount | undefined> {
  const [row] = await sql<AccountRecord>(FIND, [restaurantId]);
  return row && toAccount(row);
}

export const postgresPayoutAccounts = ({ sql, append }: PostgresTx): PayoutAccounts => ({
  async lock(restaurantId) {
    const [row] = await sql<AccountRecord>(`${FIND} for update`, [restaurantId]);
    return row && toAccount(row);
  },
  async payable(restaurantId, currency) {
    const [row] = await sql<{ readonly payable: string }>(PAYABLE, [restaurantId, currency]);
    return Number(row?.payable ?? 0);
  },
  async save({ state, events }) {
    const { restaurantId, processor, account, commissionBasisPoints, version } = PayoutAccount.check(state);
    append({ stream: `payout-account:${restaurantId}`, version, restaurantId }, events);
    const row = [restaurantId, processor, account, commissionBasisPoints, version + events.length];
    if (version > 0) return saved(await sql(UPDATE, [...row, version]), `the payout account of ${restaurantId}`);
    const written = await sql(INSERT, row);
    if (written.length === 0) throw new WriteConflict(`restaurant ${restaurantId} has a payout account already`);
  },
});
