import { Migration } from '@mikro-orm/migrations';

const UP = `
create schema if not exists fraud;
create table fraud.decisions (
  id uuid not null,
  restaurant_id uuid not null,
  payment_id uuid not null,
  attempt_id uuid not null,
  order_id uuid not null,
  customer_id uuid not null,
  action text not null,
  probability double precision not null,
  decided_at timestamptz(3) not null,
  signals jsonb not null,
  verdict jsonb not null,
  primary key (id)
);
create index decisions_restaurant_action on fraud.decisions (restaurant_id, action, id);
create index decisions_order on fraud.decisions (restaurant_id, order_id);
alter table fraud.decisions add constraint decisions_attempt unique (restaurant_id, payment_id, attempt_id);
alter table fraud.decisions add constraint decisions_action check (action in ('allow', 'step_up', 'review', 'block'));
create table fraud.histories (
  kind text not null,
  "key" text not null,
  state jsonb not null,
  "version" int not null,
  primary key (kind, "key")
);
alter table fraud.histories add constraint histories_kind check (kind in ('customer', 'device', 'ip', 'network', 'instrument', 'address', 'restaurant'));
create table fraud.label_sets (
  decision_id uuid not null,
  restaurant_id uuid not null,
  labels jsonb not null,
  "version" int not null,
  primary key (decision_id)
);
create table fraud.list_entries (
  id uuid not null,
  restaurant_id uuid null,
  list text not null,
  kind text not null,
  "value" text not null,
  token text not null,
  reason text not null,
  expires_at timestamptz(3) null,
  added_by text not null,
  added_at timestamptz(3) not null,
  removed_at timestamptz(3) null,
  "version" int not null,
  primary key (id)
);
create unique index list_entries_standing on fraud.list_entries (restaurant_id, token, kind, list) nulls not distinct where removed_at is null;
create index list_entries_restaurant on fraud.list_entries (restaurant_id, list, id) where removed_at is null;
create index list_entries_platform on fraud.list_entries (list, id) where restaurant_id is null and removed_at is null;
alter table fraud.list_entries add constraint list_entries_list check (list in ('deny', 'allow'));
alter table fraud.list_entries add constraint list_entries_kind check (kind in ('customer', 'email', 'phone', 'device', 'ip', 'network', 'instrument', 'address'));
create table fraud.policies (
  restaurant_id uuid not null,
  policy jsonb not null,
  "version" int not null,
  primary key (restaurant_id)
);
create table fraud.reviews (
  id uuid not null,
  restaurant_id uuid not null,
  decision_id uuid not null,
  status text not null,
  lease_by text null,
  lease_until timestamptz(3) null,
  deadline timestamptz(3) not null,
  facts jsonb not null,
  approvals jsonb not null,
  resolution jsonb null,
  "version" int not null,
  primary key (id)
);
create index reviews_restaurant_status on fraud.reviews (restaurant_id, status, id);
create index reviews_status on fraud.reviews (status, id);
create index reviews_live on fraud.reviews (id) where status in ('open', 'claimed');
alter table fraud.reviews add constraint reviews_decision unique (decision_id);
alter table fraud.reviews add constraint reviews_status_is_known check (status in ('open', 'claimed', 'approved', 'rejected'));
alter table fraud.reviews add constraint reviews_lease check ((status = 'claimed') = (lease_by is not null) and (lease_by is null) = (lease_until is null));
alter table fraud.reviews add constraint reviews_resolution check ((status in ('approved', 'rejected')) = (resolution is not null));
-- Histories change with every attempt: room on the page keeps their updates off the index.
alter table fraud.histories set (fillfactor = 70);
`;

/** Decisions on payments, the histories they are made by, their reviews, labels and lists. */
export class Fraud extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
