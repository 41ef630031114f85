import { Migration } from '@mikro-orm/migrations';

const UP = `
create table notifications.notices (
  id uuid not null,
  "key" text not null,
  account_id uuid not null,
  restaurant_id uuid null,
  category text not null,
  title text not null,
  body text not null,
  link text null,
  is_critical boolean not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) null,
  read_at timestamptz(3) null,
  "version" int not null,
  primary key (id)
);
create index notices_account on notifications.notices (account_id, id);
create index notices_unread on notifications.notices (account_id, id) where read_at is null;
create index notices_created on notifications.notices (created_at);
alter table notifications.notices add constraint notices_key unique ("key", account_id);
alter table notifications.notices add constraint notices_category check (category in ('orders', 'payments', 'support', 'stock', 'staff', 'security', 'marketing'));
create table notifications.preferences (
  account_id uuid not null,
  wishes jsonb not null,
  "version" int not null,
  primary key (account_id)
);
create table notifications.dispatches (
  id uuid not null,
  "key" text not null,
  account_id uuid not null,
  channel text not null,
  category text not null,
  is_critical boolean not null,
  notice_ids jsonb not null,
  status text not null,
  attempts int not null,
  due_at timestamptz(3) not null,
  expires_at timestamptz(3) null,
  "version" int not null,
  primary key (id)
);
create index dispatches_due on notifications.dispatches (due_at, id) where status in ('pending', 'processing');
create index dispatches_ended on notifications.dispatches (due_at) where status in ('sent', 'dropped');
alter table notifications.dispatches add constraint dispatches_key unique ("key");
alter table notifications.dispatches add constraint dispatches_status check (status in ('pending', 'processing', 'sent', 'dropped'));
alter table notifications.dispatches add constraint dispatches_channel check (channel in ('email', 'sms', 'push'));
alter table notifications.dispatches add constraint dispatches_category check (category in ('orders', 'payments', 'support', 'stock', 'staff', 'security', 'marketing'));
alter table notifications.dispatches add constraint dispatches_attempts check (attempts >= 0 and attempts <= 5);
create table notifications.push_subscriptions (
  id uuid not null,
  "key" text not null,
  account_id uuid not null,
  sealed_address text not null,
  device text not null,
  subscribed_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
create index push_subscriptions_account on notifications.push_subscriptions (account_id, id);
alter table notifications.push_subscriptions add constraint push_subscriptions_key unique ("key");
`;

/** What people are told, how they wish to be, and what is on its way to them. */
export class Inbox extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
