import type { ApiKeyQueries, ApiKeys } from '#application/identity/api-key-ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { ApiKey, type ApiKeyStatus, type KeyScope } from '#domain/identity/api-key.ts';
import { LAST } from '../paging.ts';
import { saved } from '../saved.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type ApiKeyRecord = {
  readonly id: string;
  readonly restaurant_id: string;
  readonly name: string;
  readonly secret_hash: string;
  readonly scopes: readonly KeyScope[];
  readonly networks: readonly string[];
  readonly issued_by: string;
  readonly issued_at: string;
  readonly expires_at: string | null;
  readonly status: ApiKeyStatus;
  readonly last_used_at: string | null;
  readonly version: number;
};

const COLUMNS = 'id, restaurant_id, name, secret_hash, scopes, networks, issued_by, issued_at, expires_at, status, version';

const toApiKey = (row: ApiKeyRecord): ApiKey =>
  ApiKey.check({
    id: row.id,
    restaurantId: row.restaurant_id,
    name: row.name,
    secretHash: row.secret_hash,
    scopes: row.scopes,
    networks: row.networks,
    issuedBy: row.issued_by,
    issuedAt: instant(row.issued_at),
    expiresAt: row.expires_at === null ? null : instant(row.expires_at),
    status: row.status,
    version: row.version,
  });

const INSERT = `
  insert into identity.api_keys (${COLUMNS})
  values ($1::uuid, $2::uuid, $3, $4, $5::jsonb, $6::jsonb, $7::uuid, $8::timestamptz, $9::timestamptz, $10, $11::int)
  returning 1`;
// Only the status ever changes.
const UPDATE = `
  update identity.api_keys set status = $4, version = $5::int
   where restaurant_id = $1::uuid and id = $2::uuid and version = $3::int
  returning 1`;
const LIST = `
  select ${COLUMNS}, last_used_at from identity.api_keys
   where restaurant_id = $1::uuid and id < $2::uuid
   order by id desc limit $3::int`;
const TOUCH = `
  update identity.api_keys set last_used_at = $2::timestamptz
   where id = $1::uuid and (last_used_at is null or last_used_at <= $2::timestamptz - interval '1 minute')`;

export const postgresApiKeys = ({ sql, append }: PostgresTx): ApiKeys => ({
  async find(restaurantId, apiKeyId) {
    const [row] = await sql<ApiKeyRecord>(`select ${COLUMNS} from identity.api_keys where restaurant_id = $1::uuid and id = $2::uuid`, [
      restaurantId,
      apiKeyId,
    ]);
    return row && toApiKey(row);
  },
  async countActive(restaurantId) {
    const rows = await sql(`select 1 from identity.api_keys where restaurant_id = $1::uuid and status = 'active'`, [restaurantId]);
    return rows.length;
  },
  async save({ state, events }) {
    const { id, restaurantId, name, secretHash, scopes, networks, issuedBy, issuedAt, expiresAt, status, version } = ApiKey.check(state);
    const next = version + events.length;
    const lists = [JSON.stringify(scopes), JSON.stringify(networks)];
    const written =
      version === 0
        ? await sql(INSERT, [
            id,
            restaurantId,
            name,
            secretHash,
            ...lists,
            issuedBy,
            timestamp(issuedAt),
            expiresAt === null ? null : timestamp(expiresAt),
            status,
            next,
          ])
        : await sql(UPDATE, [restaurantId, id, version, status, next]);
    saved(written, `API key ${id}`);
    append({ stream: `api_key:${id}`, version, restaurantId }, events);
  },
});

export const postgresApiKeyQueries = (sql: () => Sql): ApiKeyQueries => ({
  async byId(apiKeyId) {
    const [row] = await sql()<ApiKeyRecord>(`select ${COLUMNS} from identity.api_keys where id = $1::uuid`, [apiKeyId]);
    return row && toApiKey(row);
  },
  async list(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<ApiKeyRecord>(LIST, [restaurantId, after, limit + 1]);
    return pageOf(
      rows,
      limit,
      ({ id }) => id,
      (row) => ({ ...toApiKey(row), lastUsedAt: row.last_used_at === null ? null : instant(row.last_used_at) }),
    );
  },
  async touch(apiKeyId, at) {
    await sql()(TOUCH, [apiKeyId, timestamp(at)]);
  },
});
