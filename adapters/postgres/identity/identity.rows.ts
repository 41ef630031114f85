import { defineEntity, p } from '@mikro-orm/core';
import { ACCOUNT_STATUSES } from '#domain/identity/account.ts';
import { EMAIL_MAX } from '#domain/identity/email-address.ts';
import { SESSION_STATUSES } from '#domain/identity/session.ts';

const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

export const AccountRow = defineEntity({
  name: 'AccountRow',
  schema: 'identity',
  tableName: 'accounts',
  uniques: [{ name: 'accounts_email', properties: ['email'] }],
  checks: [
    { name: 'accounts_email_is_normalised', expression: `email = lower(email) and length(email) <= ${EMAIL_MAX}` },
    { name: 'accounts_status_is_known', expression: oneOf('status', ACCOUNT_STATUSES) },
  ],
  properties: {
    id: p.uuid().primary(),
    email: p.text(),
    displayName: p.text(),
    passwordHash: p.text(),
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
  checks: [{ name: 'sessions_status_is_known', expression: oneOf('status', SESSION_STATUSES) }],
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    salt: p.text(),
    rotation: p.integer(),
    status: p.text(),
    startedAt: p.datetime(3),
    rotatedAt: p.datetime(3),
    idleExpiresAt: p.datetime(3),
    absoluteExpiresAt: p.datetime(3),
    version: p.integer(),
  },
});

export const IDENTITY_ROWS = [AccountRow, SessionRow];
