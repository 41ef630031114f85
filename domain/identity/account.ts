import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { EmailAddress } from './email-address.ts';
import type { IdentityErrorOf } from './errors.ts';
import type { AccountEvent } from './events.ts';
import type { PhoneNumber } from './phone-number.ts';
import { PLATFORM_ROLES, type PlatformRole } from './roles.ts';
import type { Username } from './username.ts';

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
  /** When its owner showed that they read its mail. */
  readonly emailVerifiedAt: number | null;
  /** No two accounts have the same, nor the same username. */
  readonly phone: PhoneNumber | null;
  readonly username: Username | null;
  readonly displayName: string;
  /** Null for who signs in by other means, and for who is gone. */
  readonly passwordHash: string | null;
  /** Goes up with each change of password or address; what was given out for the ones before is worth nothing then. */
  readonly credentials: number;
  readonly platformRoles: readonly PlatformRole[];
  readonly status: AccountStatus;
  readonly registeredAt: number;
  readonly version: number;
};

type Registration = Pick<Account, 'id' | 'email' | 'displayName' | 'passwordHash' | 'platformRoles'> &
  Partial<Pick<Account, 'phone' | 'username'>> & { readonly isVerified?: boolean };
export type Profile = Pick<Account, 'displayName' | 'phone' | 'username'>;
type Changed = Change<Account, AccountEvent>;

/** What is left of an account whose owner has gone. */
const NO_NAME = 'Closed account';

function register({ isVerified = false, phone = null, username = null, ...registration }: Registration, at: number): Changed {
  const { id, email, displayName } = registration;
  const platformRoles = [...new Set(registration.platformRoles)];
  const emailVerifiedAt = isVerified ? at : null;
  const state: Account = {
    ...registration,
    emailVerifiedAt,
    phone,
    username,
    credentials: 1,
    platformRoles,
    status: 'active',
    registeredAt: at,
    version: 0,
  };
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

/** Its owner reads the mail of its address. Twice is once. */
function verifyEmail(account: Account, at: number): Changed | undefined {
  if (account.emailVerifiedAt !== null) return undefined;
  const { id: accountId, email } = account;
  return { state: { ...account, emailVerifiedAt: at }, events: [{ type: 'identity.email_verified', accountId, email, at }] };
}

/** Nothing when everything is as it was. */
function changeProfile(account: Account, changes: Partial<Profile>, at: number): Changed | undefined {
  const fields = (Object.keys(changes) as (keyof Profile)[]).filter((field) => changes[field] !== account[field]);
  if (fields.length === 0) return undefined;
  const state = { ...account, ...changes };
  const { id: accountId, displayName } = state;
  return { state, events: [{ type: 'identity.profile_changed', accountId, displayName, fields, at }] };
}

/** Another password. A reset arrived by mail, so its owner reads that, too. */
function changePassword(account: Account, passwordHash: string, reason: 'changed' | 'reset', at: number): Changed {
  const { id: accountId } = account;
  const verified = reason === 'reset' ? verifyEmail(account, at) : undefined;
  const state = { ...(verified?.state ?? account), passwordHash, credentials: account.credentials + 1 };
  return { state, events: [{ type: 'identity.password_changed', accountId, reason, at }, ...(verified?.events ?? [])] };
}

/** Another address, whose mail its owner reads. */
function changeEmail(account: Account, email: EmailAddress, reason: 'changed' | 'undone', at: number): Changed {
  const { id: accountId } = account;
  const state = { ...account, email, emailVerifiedAt: at, credentials: account.credentials + 1 };
  return { state, events: [{ type: 'identity.email_changed', accountId, email, reason, at }] };
}

/**
 * Its owner came, and whoever registered it had never shown to be that: no password, number or name that they chose is left.
 */
function reclaim(account: Account, displayName: string, at: number): Changed {
  const profile = changeProfile(account, { displayName, phone: null, username: null }, at);
  const verified = verifyEmail(profile?.state ?? account, at);
  const state = { ...(verified?.state ?? account), passwordHash: null, credentials: account.credentials + 1 };
  const reclaimed = { type: 'identity.account_reclaimed', accountId: account.id, at } as const;
  return { state, events: [reclaimed, ...(profile?.events ?? []), ...(verified?.events ?? [])] };
}

/** A role on the platform itself. Nothing to do for one they have. */
function givePlatformRole(account: Account, role: PlatformRole, at: number): Result<Changed | undefined, IdentityErrorOf<'identity.account_closed'>> {
  const { id: accountId, platformRoles, status } = account;
  if (status !== 'active') return err({ code: 'identity.account_closed', accountId });
  if (platformRoles.includes(role)) return ok(undefined);
  const state = { ...account, platformRoles: [...platformRoles, role] };
  return ok({ state, events: [{ type: 'identity.platform_role_given', accountId, role, at }] });
}

/** `admins` is how many the platform has: somebody must be left to operate it. */
function takePlatformRole(
  account: Account,
  role: PlatformRole,
  admins: number,
  at: number,
): Result<Changed, IdentityErrorOf<'identity.role_not_held' | 'identity.last_admin'>> {
  const { id: accountId, platformRoles } = account;
  if (!platformRoles.includes(role)) return err({ code: 'identity.role_not_held', accountId, role });
  if (role === 'admin' && admins <= 1) return err({ code: 'identity.last_admin', accountId });
  const state = { ...account, platformRoles: platformRoles.filter((held) => held !== role) };
  return ok({ state, events: [{ type: 'identity.platform_role_taken', accountId, role, at }] });
}

/** For good. Who it was is forgotten; that it was is not. */
function close(account: Account, at: number): Result<Changed, IdentityErrorOf<'identity.account_closed'>> {
  const { id: accountId } = account;
  const allowed: readonly AccountStatus[] = NEXT[account.status];
  if (!allowed.includes('closed')) return err({ code: 'identity.account_closed', accountId });
  const state: Account = {
    ...account,
    status: 'closed',
    email: `${accountId}@closed.invalid` as EmailAddress,
    emailVerifiedAt: null,
    phone: null,
    username: null,
    displayName: NO_NAME,
    passwordHash: null,
    credentials: account.credentials + 1,
    platformRoles: [],
  };
  return ok({ state, events: [{ type: 'identity.account_closed', accountId, at }] });
}

/** Texts that its password must not lean on. */
const ownWords = ({ displayName, email, username }: Account): readonly string[] => [
  displayName,
  EmailAddress.localPart(email),
  ...(username === null ? [] : [username]),
];

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(account: Account): Account {
  invariant(account.status in NEXT, `unknown status ${account.status}`);
  invariant(
    account.platformRoles.every((role) => PLATFORM_ROLES.includes(role)),
    `account ${account.id} holds a role there is not`,
  );
  invariant(account.passwordHash !== '', `account ${account.id} has no password`);
  invariant(account.credentials >= 1, `account ${account.id} counts its credentials`);
  return account;
}

export const Account = {
  register,
  parseDisplayName,
  rehash,
  verifyEmail,
  changeProfile,
  changePassword,
  changeEmail,
  reclaim,
  givePlatformRole,
  takePlatformRole,
  close,
  ownWords,
  check,
  isActive: ({ status }: Pick<Account, 'status'>): boolean => status === 'active',
};
