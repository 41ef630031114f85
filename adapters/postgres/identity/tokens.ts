import type { OneTimeTokens } from '#application/identity/ports.ts';
import { OneTimeToken, type TokenPurpose, type TokenStatus } from '#domain/identity/one-time-token.ts';
import type { Proof } from '#domain/identity/session.ts';
import { saved } from '../saved.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type TokenRecord = {
  readonly id: string;
  readonly purpose: TokenPurpose;
  readonly account_id: string;
  readonly selector: string;
  readonly verifier_hash: string;
  readonly credentials: number | null;
  readonly email: string | null;
  readonly proof: Proof | null;
  readonly status: TokenStatus;
  readonly misses: number;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly version: number;
};

export const TOKEN_COLUMNS =
  'id, purpose, account_id, selector, verifier_hash, credentials, email, proof, status, misses, issued_at, expires_at, version';

export const toToken = ({ account_id, verifier_hash, issued_at, expires_at, ...row }: TokenRecord): OneTimeToken =>
  OneTimeToken.check({ ...row, accountId: account_id, verifierHash: verifier_hash, issuedAt: instant(issued_at), expiresAt: instant(expires_at) });

const INSERT = `
  insert into identity.one_time_tokens (${TOKEN_COLUMNS})
  values ($1::uuid, $2, $3::uuid, $4, $5, $6::int, $7, $8, $9, $10::int, $11::timestamptz, $12::timestamptz, $13::int)
  returning 1`;
const UPDATE = `
  update identity.one_time_tokens set status = $3, misses = $4::int, version = $5::int
   where id = $1::uuid and version = $2::int
  returning 1`;

export const postgresOneTimeTokens = ({ sql, append }: PostgresTx): OneTimeTokens => ({
  async lock(selector) {
    const [row] = await sql<TokenRecord>(`select ${TOKEN_COLUMNS} from identity.one_time_tokens where selector = $1 for update`, [selector]);
    return row && toToken(row);
  },
  async issuedTo(accountId) {
    const rows = await sql<TokenRecord>(
      `select ${TOKEN_COLUMNS} from identity.one_time_tokens where account_id = $1::uuid and status = 'issued' order by id for update`,
      [accountId],
    );
    return rows.map(toToken);
  },
  async save({ state, events }) {
    const { id, purpose, accountId, selector, verifierHash, credentials, email, proof, status, misses, issuedAt, expiresAt, version } =
      OneTimeToken.check(state);
    const next = version + events.length;
    const given = [
      id,
      purpose,
      accountId,
      selector,
      verifierHash,
      credentials,
      email,
      proof,
      status,
      misses,
      timestamp(issuedAt),
      timestamp(expiresAt),
    ];
    saved(version === 0 ? await sql(INSERT, [...given, next]) : await sql(UPDATE, [id, version, status, misses, next]), `token ${id}`);
    append({ stream: `token:${id}`, version, restaurantId: null }, events);
  },
  async forget(expiredBefore) {
    const gone = await sql('delete from identity.one_time_tokens where expires_at < $1::timestamptz returning 1', [timestamp(expiredBefore)]);
    return gone.length;
  },
});
