import type { MethodQueries, SavedMethod, SavedMethods } from '#application/payments/settlement/ports.ts';
import { saved } from '../../saved.ts';
import { instant, type Sql, timestamp } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

type MethodRecord = {
  readonly id: string;
  readonly account_id: string;
  readonly processor: string;
  readonly token_id: string;
  readonly method: SavedMethod['method'];
  readonly label: string;
  readonly expires_at: string | null;
  readonly saved_at: string;
};

const ALL =
  'select id, account_id, processor, token_id, method, label, expires_at, saved_at from payments.saved_methods where account_id = $1::uuid order by id';
const INSERT = `
  insert into payments.saved_methods (id, account_id, processor, token_id, method, label, expires_at, saved_at)
  values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::timestamptz, $8::timestamptz)`;
const DELETE = 'delete from payments.saved_methods where id = $1::uuid and account_id = $2::uuid returning 1';
const ADD_CUSTOMER = `
  insert into payments.provider_customers (account_id, processor, provider_customer_id) values ($1::uuid, $2, $3) on conflict do nothing`;
const LOCK = 'select 1 from payments.provider_customers where account_id = $1::uuid order by processor for update';

const toMethod = (row: MethodRecord): SavedMethod => ({
  id: row.id,
  accountId: row.account_id,
  processor: row.processor,
  tokenId: row.token_id,
  method: row.method,
  label: row.label,
  expiresAt: row.expires_at === null ? null : instant(row.expires_at),
  savedAt: instant(row.saved_at),
});

export const postgresSavedMethods = ({ sql, append }: PostgresTx): SavedMethods => ({
  async addCustomer(accountId, processor, providerCustomerId) {
    await sql(ADD_CUSTOMER, [accountId, processor, providerCustomerId]);
  },
  async lockAll(accountId) {
    await sql(LOCK, [accountId]);
    return (await sql<MethodRecord>(ALL, [accountId])).map(toMethod);
  },
  async add({ id, accountId, processor, tokenId, method, label, expiresAt, savedAt }, event) {
    append({ stream: `payment-method:${id}`, version: 0, restaurantId: null }, [event]);
    const expires = expiresAt === null ? null : timestamp(expiresAt);
    await sql(INSERT, [id, accountId, processor, tokenId, method, label, expires, timestamp(savedAt)]);
  },
  async remove({ id, accountId }, event) {
    append({ stream: `payment-method:${id}`, version: 1, restaurantId: null }, [event]);
    saved(await sql(DELETE, [id, accountId]), `saved method ${id}`);
  },
});

export const postgresMethodQueries = (sql: () => Sql): MethodQueries => ({
  ofAccount: async (accountId) => (await sql()<MethodRecord>(ALL, [accountId])).map(toMethod),
  async customer(accountId, processor) {
    const [row] = await sql()<{ readonly provider_customer_id: string }>(
      'select provider_customer_id from payments.provider_customers where account_id = $1::uuid and processor = $2',
      [accountId, processor],
    );
    return row?.provider_customer_id;
  },
});
