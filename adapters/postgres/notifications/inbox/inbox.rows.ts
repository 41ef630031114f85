import { defineEntity, p } from '@mikro-orm/core';
import { DISPATCH_ATTEMPTS_MAX, DISPATCH_STATUSES } from '#domain/notifications/inbox/dispatch.ts';
import { CATEGORIES, CHANNELS, type Wishes } from '#domain/notifications/inbox/preferences.ts';

const schema = 'notifications';
const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** What one person was told, for as long as it is kept. */
export const NoticeRow = defineEntity({
  name: 'NoticeRow',
  schema,
  tableName: 'notices',
  indexes: [
    { name: 'notices_account', properties: ['accountId', 'id'] },
    { name: 'notices_unread', expression: 'create index notices_unread on notifications.notices (account_id, id) where read_at is null' },
    { name: 'notices_created', properties: ['createdAt'] },
  ],
  uniques: [{ name: 'notices_key', properties: ['key', 'accountId'] }],
  checks: [{ name: 'notices_category', expression: oneOf('category', CATEGORIES) }],
  properties: {
    id: p.uuid().primary(),
    key: p.text(),
    accountId: p.uuid(),
    restaurantId: p.uuid().nullable(),
    category: p.text(),
    title: p.text(),
    body: p.text(),
    link: p.text().nullable(),
    isCritical: p.boolean(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).nullable(),
    readAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});

export const PreferencesRow = defineEntity({
  name: 'NotificationPreferencesRow',
  schema,
  tableName: 'preferences',
  properties: { accountId: p.uuid().primary(), wishes: p.json<Wishes>(), version: p.integer() },
});

export const DispatchRow = defineEntity({
  name: 'DispatchRow',
  schema,
  tableName: 'dispatches',
  indexes: [
    {
      name: 'dispatches_due',
      expression: `create index dispatches_due on notifications.dispatches (due_at, id) where status in ('pending', 'processing')`,
    },
    {
      name: 'dispatches_ended',
      expression: `create index dispatches_ended on notifications.dispatches (due_at) where status in ('sent', 'dropped')`,
    },
  ],
  uniques: [{ name: 'dispatches_key', properties: ['key'] }],
  checks: [
    { name: 'dispatches_status', expression: oneOf('status', DISPATCH_STATUSES) },
    { name: 'dispatches_channel', expression: oneOf('channel', CHANNELS) },
    { name: 'dispatches_category', expression: oneOf('category', CATEGORIES) },
    { name: 'dispatches_attempts', expression: `attempts >= 0 and attempts <= ${DISPATCH_ATTEMPTS_MAX}` },
  ],
  properties: {
    id: p.uuid().primary(),
    key: p.text(),
    accountId: p.uuid(),
    channel: p.text(),
    category: p.text(),
    isCritical: p.boolean(),
    noticeIds: p.json<readonly string[]>(),
    status: p.text(),
    attempts: p.integer(),
    dueAt: p.datetime(3),
    expiresAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});

/** The address is sealed: whoever has it can ring the browser. */
export const PushSubscriptionRow = defineEntity({
  name: 'PushSubscriptionRow',
  schema,
  tableName: 'push_subscriptions',
  indexes: [{ name: 'push_subscriptions_account', properties: ['accountId', 'id'] }],
  uniques: [{ name: 'push_subscriptions_key', properties: ['key'] }],
  properties: {
    id: p.uuid().primary(),
    key: p.text(),
    accountId: p.uuid(),
    sealedAddress: p.text(),
    device: p.text(),
    subscribedAt: p.datetime(3),
    version: p.integer(),
  },
});

export const INBOX_ROWS = [NoticeRow, PreferencesRow, DispatchRow, PushSubscriptionRow];
