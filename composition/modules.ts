import { AUDIT_INVARIANTS } from '#adapters/postgres/audit/invariants.ts';
import { CATALOGUE_INVARIANTS } from '#adapters/postgres/catalogue/invariants.ts';
import { LOG_INVARIANTS } from '#adapters/postgres/events/invariants.ts';
import { FRAUD_INVARIANTS } from '#adapters/postgres/fraud/invariants.ts';
import { IDENTITY_INVARIANTS } from '#adapters/postgres/identity/invariants.ts';
import type { Invariant } from '#adapters/postgres/invariant.ts';
import { INVENTORY_INVARIANTS } from '#adapters/postgres/inventory/invariants.ts';
import { EMAIL_INVARIANTS } from '#adapters/postgres/notifications/email/invariants.ts';
import { INBOX_INVARIANTS } from '#adapters/postgres/notifications/inbox/invariants.ts';
import { ORDERING_INVARIANTS } from '#adapters/postgres/ordering/invariants.ts';
import { PARTNERS_INVARIANTS } from '#adapters/postgres/partners/invariants.ts';
import { MONEY_INVARIANTS } from '#adapters/postgres/payments/money-invariants.ts';
import { SETTLEMENT_INVARIANTS } from '#adapters/postgres/payments/settlement/settlement-invariants.ts';
import { SUPPORT_INVARIANTS } from '#adapters/postgres/support/invariants.ts';
import { WEBHOOKS_INVARIANTS } from '#adapters/postgres/webhooks/invariants.ts';
import { apiKeys } from './modules/api-keys.ts';
import { audit } from './modules/audit.ts';
import { catalogue } from './modules/catalogue.ts';
import { external } from './modules/external.ts';
import { fraud } from './modules/fraud.ts';
import { identity } from './modules/identity.ts';
import { inbox } from './modules/inbox.ts';
import { inventory } from './modules/inventory.ts';
import type { Module } from './modules/module.ts';
import { notifications } from './modules/notifications.ts';
import { operations } from './modules/operations.ts';
import { ordering } from './modules/ordering.ts';
import { partners } from './modules/partners.ts';
import { payments } from './modules/payments.ts';
import { platform } from './modules/platform.ts';
import { realtime } from './modules/realtime.ts';
import { settlement } from './modules/settlement.ts';
import { support } from './modules/support.ts';
import { webhooks } from './modules/webhooks.ts';

/** Every module there is, in the order the API is told in. Adding one is a line here. */
export const MODULES: readonly Module[] = [
  platform,
  identity,
  apiKeys,
  external,
  partners,
  catalogue,
  inventory,
  ordering,
  payments,
  settlement,
  fraud,
  support,
  inbox,
  notifications,
  webhooks,
  realtime,
  audit,
  operations,
];

export const ROWS = MODULES.flatMap(({ rows }) => rows);

/** Every promise the doctor checks. */
export const INVARIANTS: readonly Invariant[] = [
  ...IDENTITY_INVARIANTS,
  ...PARTNERS_INVARIANTS,
  ...CATALOGUE_INVARIANTS,
  ...INVENTORY_INVARIANTS,
  ...ORDERING_INVARIANTS,
  ...MONEY_INVARIANTS,
  ...SETTLEMENT_INVARIANTS,
  ...FRAUD_INVARIANTS,
  ...SUPPORT_INVARIANTS,
  ...INBOX_INVARIANTS,
  ...EMAIL_INVARIANTS,
  ...WEBHOOKS_INVARIANTS,
  ...LOG_INVARIANTS,
  ...AUDIT_INVARIANTS,
];
