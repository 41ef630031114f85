import type { Passkeys } from '#application/identity/ports.ts';
import { Passkey, type PasskeyStatus } from '#domain/identity/passkey.ts';
import { saved } from '../saved.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type PasskeyRecord = {
  readonly id: string;
  readonly account_id: string;
  readonly credential_id: string;
  readonly public_key: string;
  readonly counter: string;
  readonly name: string;
  readonly status: PasskeyStatus;
  readonly added_at: string;
  readonly used_at: string | null;
  readonly version: number;
};

export const PASSKEY_COLUMNS = 'id, account_id, credential_id, public_key, counter, name, status, added_at, used_at, version';

export const toPasskey = (row: PasskeyRecord): Passkey =>
  Passkey.check({
    id: row.id,
    accountId: row.account_id,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: Number(row.counter),
    name: row.name,
    status: row.status,
    addedAt: instant(row.added_at),
    usedAt: row.used_at === null ? null : instant(row.used_at),
    version: row.version,
  });

const INSERT = `
  insert into identity.passkeys (${PASSKEY_COLUMNS})
  values ($1::uuid, $2::uuid, $3, $4, $5::bigint, $6, $7, $8::timestamptz, $9::timestamptz, $10::int)
  on conflict (credential_id) do nothing
  returning 1`;
const UPDATE = `
  update identity.passkeys set counter = $3::bigint, status = $4, used_at = $5::timestamptz, version = $6::int
   where id = $1::uuid and version = $2::int
  returning 1`;

export const postgresPasskeys = ({ sql, append }: PostgresTx): Passkeys => ({
  async activeOf(accountId) {
    const rows = await sql<PasskeyRecord>(
      `select ${PASSKEY_COLUMNS} from identity.passkeys where account_id = $1::uuid and status = 'active' order by id for update`,
      [accountId],
    );
    return rows.map(toPasskey);
  },
  async save({ state, events }) {
    const { id, accountId, credentialId, publicKey, counter, name, status, addedAt, usedAt, version } = Passkey.check(state);
    const next = version + events.length;
    const used = usedAt === null ? null : timestamp(usedAt);
    if (version === 0) {
      const added = await sql(INSERT, [id, accountId, credentialId, publicKey, counter, name, status, timestamp(addedAt), used, next]);
      if (added.length === 0) return 'taken';
    } else {
      saved(await sql(UPDATE, [id, version, counter, status, used, next]), `passkey ${id}`);
    }
    append({ stream: `passkey:${id}`, version, restaurantId: null }, events);
    return 'saved';
  },
});
