import type { Accounts } from '#application/identity/ports.ts';
import { Account, type AccountStatus } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import type { PlatformRole } from '#domain/identity/roles.ts';
import { saved } from '../saved.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type AccountRecord = {
  readonly id: string;
  readonly email: EmailAddress;
  readonly display_name: string;
  readonly password_hash: string;
  readonly platform_roles: readonly PlatformRole[];
  readonly status: AccountStatus;
  readonly registered_at: string;
  readonly version: number;
};

export const ACCOUNT_COLUMNS = 'id, email, display_name, password_hash, platform_roles, status, registered_at, version';

export const toAccount = (row: AccountRecord): Account =>
  Account.check({
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    passwordHash: row.password_hash,
    platformRoles: row.platform_roles,
    status: row.status,
    registeredAt: instant(row.registered_at),
    version: row.version,
  });

const INSERT = `
  insert into identity.accounts (id, email, display_name, password_hash, platform_roles, status, registered_at, version)
  values ($1::uuid, $2, $3, $4, $5::jsonb, $6, $7::timestamptz, $8::int)
  on conflict (email) do nothing
  returning 1`;
const UPDATE = `
  update identity.accounts set display_name = $3, password_hash = $4, platform_roles = $5::jsonb, status = $6, version = $7::int
   where id = $1::uuid and version = $2::int
  returning 1`;

export const postgresAccounts = ({ sql, append }: PostgresTx): Accounts => ({
  async lock(accountId) {
    const [row] = await sql<AccountRecord>(`select ${ACCOUNT_COLUMNS} from identity.accounts where id = $1::uuid for update`, [accountId]);
    return row && toAccount(row);
  },
  async save({ state, events }) {
    const { id, email, displayName, passwordHash, status, registeredAt, version } = Account.check(state);
    const next = version + events.length;
    const platformRoles = JSON.stringify(state.platformRoles);
    if (version === 0) {
      const added = await sql(INSERT, [id, email, displayName, passwordHash, platformRoles, status, timestamp(registeredAt), next]);
      if (added.length === 0) return 'email_taken';
    } else {
      saved(await sql(UPDATE, [id, version, displayName, passwordHash, platformRoles, status, next]), `account ${id}`);
    }
    append({ stream: `account:${id}`, version, restaurantId: null }, events);
    return 'saved';
  },
});
