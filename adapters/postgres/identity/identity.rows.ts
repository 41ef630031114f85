import { defineEntity, p } from '@mikro-orm/core';
import { ACCOUNT_STATUSES } from '#domain/identity/account.ts';
import { EMAIL_MAX } from '#domain/identity/email-address.ts';
import { TOKEN_PURPOSES, TOKEN_STATUSES } from '#domain/identity/one-time-token.ts';
import { PASSKEY_STATUSES } from '#domain/identity/passkey.ts';
import { SECOND_FACTOR_STATUSES } from '#domain/identity/second-factor.ts';
import { SESSION_STATUSES } from '#domain/identity/session.ts';
import { ExternalIdentityRow, NoteRow } from './external.rows.ts';

const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

export const AccountRow = defineEntity({
  name: 'AccountRow',
  schema: 'identity',
  tableName: 'accounts',
  uniques: [
    { name: 'accounts_email', properties: ['email'] },
    { name: 'accounts_phone', properties: ['phone'] },
    { name: 'accounts_username', properties: ['username'] },
  ],
  indexes: [
    {
      name: 'accounts_platform',
      expression: `create index accounts_platform on identity.accounts (id) where platform_roles <> '[]'`,
    },
  ],
  checks: [
    { name: 'accounts_email_is_normalised', expression: `email = lower(email) and length(email) <= ${EMAIL_MAX}` },
    { name: 'accounts_status_is_known', expression: oneOf('status', ACCOUNT_STATUSES) },
    { name: 'accounts_phone_is_e164', expression: String.raw`phone ~ '^\+[1-9][0-9]{6,14}$'` },
    { name: 'accounts_username_is_normalised', expression: 'username = lower(username)' },
  ],
  properties: {
    id: p.uuid().primary(),
    email: p.text(),
    emailVerifiedAt: p.datetime(3).nullable(),
    phone: p.text().nullable(),
    username: p.text().nullable(),
    displayName: p.text(),
    passwordHash: p.text().nullable(),
    credentials: p.integer(),
    platformRoles: p.json<readonly string[]>(),
    status: p.text(),
    registeredAt: p.datetime(3),
    version: p.integer(),
  },
});

export const SessionRow = defineEntity({
  name: 'SessionRow',
  schema: 'identity',
  tableName: 'sessions',
  indexes: [{ name: 'sessions_active', expression: `create index sessions_active on identity.sessions (account_id) where status = 'active'` }],
  checks: [{ name: 'sessions_status_is_known', expression: oneOf('status', SESSION_STATUSES) }],
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    salt: p.text(),
    rotation: p.integer(),
    status: p.text(),
    proofs: p.json<readonly string[]>(),
    device: p.text(),
    ip: p.text().nullable(),
    startedAt: p.datetime(3),
    rotatedAt: p.datetime(3),
    idleExpiresAt: p.datetime(3),
    absoluteExpiresAt: p.datetime(3),
    version: p.integer(),
  },
});

export const OneTimeTokenRow = defineEntity({
  name: 'OneTimeTokenRow',
  schema: 'identity',
  tableName: 'one_time_tokens',
  uniques: [{ name: 'one_time_tokens_selector', properties: ['selector'] }],
  indexes: [
    {
      name: 'one_time_tokens_issued',
      expression: `create index one_time_tokens_issued on identity.one_time_tokens (account_id) where status = 'issued'`,
    },
    { name: 'one_time_tokens_expiry', properties: ['expiresAt'] },
  ],
  checks: [
    { name: 'one_time_tokens_purpose', expression: oneOf('purpose', TOKEN_PURPOSES) },
    { name: 'one_time_tokens_status', expression: oneOf('status', TOKEN_STATUSES) },
  ],
  properties: {
    id: p.uuid().primary(),
    purpose: p.text(),
    accountId: p.uuid(),
    selector: p.text(),
    verifierHash: p.text(),
    credentials: p.integer().nullable(),
    email: p.text().nullable(),
    proof: p.text().nullable(),
    status: p.text(),
    misses: p.integer(),
    issuedAt: p.datetime(3),
    expiresAt: p.datetime(3),
    version: p.integer(),
  },
});

export const SecondFactorRow = defineEntity({
  name: 'SecondFactorRow',
  schema: 'identity',
  tableName: 'second_factors',
  checks: [{ name: 'second_factors_status', expression: oneOf('status', SECOND_FACTOR_STATUSES) }],
  properties: {
    accountId: p.uuid().primary(),
    status: p.text(),
    sealedSecret: p.text(),
    lastStep: p.bigint(),
    backupCodes: p.json<readonly object[]>(),
    version: p.integer(),
  },
});

export const PasskeyRow = defineEntity({
  name: 'PasskeyRow',
  schema: 'identity',
  tableName: 'passkeys',
  uniques: [{ name: 'passkeys_credential', properties: ['credentialId'] }],
  indexes: [{ name: 'passkeys_active', expression: `create index passkeys_active on identity.passkeys (account_id) where status = 'active'` }],
  checks: [{ name: 'passkeys_status', expression: oneOf('status', PASSKEY_STATUSES) }],
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    credentialId: p.text(),
    publicKey: p.text(),
    counter: p.bigint(),
    name: p.text(),
    status: p.text(),
    addedAt: p.datetime(3),
    usedAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});

/** What was tried how often: no events, because nothing follows from it but an answer. */
export const AttemptsRow = defineEntity({
  name: 'AttemptsRow',
  schema: 'identity',
  tableName: 'attempts',
  indexes: [{ name: 'attempts_forgotten', properties: ['forgottenAt'] }],
  properties: {
    key: p.text().primary(),
    at: p.json<readonly number[]>(),
    locks: p.integer(),
    lockedUntil: p.datetime(3).nullable(),
    forgottenAt: p.datetime(3),
  },
});

export const IDENTITY_ROWS = [AccountRow, SessionRow, OneTimeTokenRow, SecondFactorRow, PasskeyRow, ExternalIdentityRow, NoteRow, AttemptsRow];
