import type { Accounts, Taken } from '#application/identity/ports.ts';
import { Account, type AccountStatus } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import type { PhoneNumber } from '#domain/identity/phone-number.ts';
import type { PlatformRole } from '#domain/identity/roles.ts';
import type { Username } from '#domain/identity/username.ts';
import { violates } from '../conflicts.ts';
import { saved } from '../saved.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type AccountRecord = {
  readonly id: string;
  readonly email: EmailAddress;
  readonly email_verified_at: string | null;
  readonly phone: PhoneNumber | null;
  readonly username: Username | null;
  readonly display_name: string;
  readonly password_hash: string | null;
  readonly credentials: number;
  readonly platform_roles: readonly PlatformRole[];
  readonly status: AccountStatus;
  readonly registered_at: string;
  readonly version: number;
};

export const ACCOUNT_COLUMNS =
  'id, email, email_verified_at, phone, username, display_name, password_hash, credentials, platform_roles, status, registered_at, version';

export const toAccount = (row: AccountRecord): Account =>
  Account.check({
    id: row.id,
    email: row.email,
    emailVerifiedAt: row.email_verified_at === null ? null : instant(row.email_verified_at),
    phone: row.phone,
    username: row.username,
    displayName: row.display_name,
    passwordHash: row.password_hash,
    credentials: row.credentials,
    platformRoles: row.platform_roles,
    status: row.status,
    registeredAt: instant(row.registered_at),
    version: row.version,
  });

const INSERT = `
  insert into identity.accounts (${ACCOUNT_COLUMNS})
  values ($1::uuid, $2, $3::timestamptz, $4, $5, $6, $7, $8::int, $9::jsonb, $10, $11::timestamptz, $12::int)`;
const UPDATE = `
  update identity.accounts
     set email = $3, email_verified_at = $4::timestamptz, phone = $5, username = $6, display_name = $7, password_hash = $8,
         credentials = $9::int, platform_roles = $10::jsonb, status = $11, version = $12::int
   where id = $1::uuid and version = $2::int
  returning 1`;
const UNIQUE: readonly (readonly [string, Taken])[] = [
  ['accounts_email', 'email_taken'],
  ['accounts_phone', 'phone_taken'],
  ['accounts_username', 'username_taken'],
];

// By the index of the few who hold any role on the platform; always in one order.
const ADMINS = `
  select id from identity.accounts
   where platform_roles <> '[]' and platform_roles ? 'admin' and status = 'active'
   order by id for update`;

export const postgresAccounts = ({ sql, append }: PostgresTx): Accounts => ({
  async lockAdmins() {
    return (await sql<{ id: string }>(ADMINS, [])).map(({ id }) => id);
  },
  async lock(accountId) {
    const [row] = await sql<AccountRecord>(`select ${ACCOUNT_COLUMNS} from identity.accounts where id = $1::uuid for update`, [accountId]);
    return row && toAccount(row);
  },
  async save({ state, events }) {
    const { id, email, emailVerifiedAt, phone, username, displayName, passwordHash, credentials, status, registeredAt, version } =
      Account.check(state);
    const next = version + events.length;
    const verified = emailVerifiedAt === null ? null : timestamp(emailVerifiedAt);
    const fields = [email, verified, phone, username, displayName, passwordHash, credentials, JSON.stringify(state.platformRoles), status];
    try {
      if (version === 0) await sql(INSERT, [id, ...fields, timestamp(registeredAt), next]);
      else saved(await sql(UPDATE, [id, version, ...fields, next]), `account ${id}`);
    } catch (error) {
      const taken = UNIQUE.find(([constraint]) => violates(error, constraint))?.[1];
      if (taken === undefined) throw error;
      return taken;
    }
    append({ stream: `account:${id}`, version, restaurantId: null }, events);
    return 'saved';
  },
});
