import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { EmailAddress } from './email-address.ts';
import type { IdentityErrorOf } from './errors.ts';
import type { AccountEvent } from './events.ts';
import { PLATFORM_ROLES, type PlatformRole } from './roles.ts';

const NEXT = {
  active: ['closed'],
  closed: [],
} as const satisfies Record<string, readonly string[]>;

export type AccountStatus = keyof typeof NEXT;
export const ACCOUNT_STATUSES = Object.keys(NEXT) as readonly AccountStatus[];

export const DISPLAY_NAME_MAX = 80;

export type Account = {
  readonly id: string;
  /** No two accounts have the same. */
  readonly email: EmailAddress;
  readonly displayName: string;
  readonly passwordHash: string;
  readonly platformRoles: readonly PlatformRole[];
  readonly status: AccountStatus;
  readonly registeredAt: number;
  readonly version: number;
};

type Registration = Pick<Account, 'id' | 'email' | 'displayName' | 'passwordHash' | 'platformRoles'>;

function register(registration: Registration, at: number): Change<Account, AccountEvent> {
  const { id, email, displayName } = registration;
  const platformRoles = [...new Set(registration.platformRoles)];
  const state: Account = { ...registration, platformRoles, status: 'active', registeredAt: at, version: 0 };
  return { state, events: [{ type: 'identity.account_registered', accountId: id, email, displayName, platformRoles, at }] };
}

/** The name people see: trimmed, on one line, and without characters that reorder or hide the text around it. */
function parseDisplayName(text: string): Result<string, IdentityErrorOf<'identity.display_name_malformed'>> {
  const name = text.length <= DISPLAY_NAME_MAX * 2 ? text.normalize('NFC').trim() : '';
  const isName = name !== '' && [...name].length <= DISPLAY_NAME_MAX && !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u.test(name);
  return isName ? ok(name) : err({ code: 'identity.display_name_malformed', limit: DISPLAY_NAME_MAX });
}

/** The same password under today's hash. */
function rehash(account: Account, passwordHash: string, at: number): Change<Account, AccountEvent> {
  return { state: { ...account, passwordHash }, events: [{ type: 'identity.password_rehashed', accountId: account.id, at }] };
}

function close(account: Account, at: number): Result<Change<Account, AccountEvent>, IdentityErrorOf<'identity.account_closed'>> {
  const { id: accountId } = account;
  const allowed: readonly AccountStatus[] = NEXT[account.status];
  if (!allowed.includes('closed')) return err({ code: 'identity.account_closed', accountId });
  return ok({ state: { ...account, status: 'closed' }, events: [{ type: 'identity.account_closed', accountId, at }] });
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(account: Account): Account {
  invariant(account.status in NEXT, `unknown status ${account.status}`);
  invariant(
    account.platformRoles.every((role) => PLATFORM_ROLES.includes(role)),
    `account ${account.id} holds a role there is not`,
  );
  invariant(account.passwordHash !== '', `account ${account.id} has no password`);
  return account;
}

export const Account = {
  register,
  parseDisplayName,
  rehash,
  close,
  check,
  isActive: ({ status }: Pick<Account, 'status'>): boolean => status === 'active',
};
