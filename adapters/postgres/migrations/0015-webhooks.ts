import { Migration } from '@mikro-orm/migrations';

const UP = `
create schema if not exists webhooks;
create table webhooks.deliveries (
  id uuid not null,
  restaurant_id uuid not null,
  endpoint_id uuid not null,
  event_id uuid null,
  event_type text not null,
  body text not null,
  status text not null,
  failure text null,
  attempts int not null,
  claims int not null,
  replays int not null,
  history jsonb not null,
  due_at timestamptz(3) not null,
  queued_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
create index deliveries_newest on webhooks.deliveries (restaurant_id, endpoint_id, status, id);
create index deliveries_due on webhooks.deliveries (endpoint_id, due_at, id) where status in ('waiting', 'sending');
create index deliveries_failed on webhooks.deliveries (endpoint_id, queued_at, id) where status = 'failed';
create index deliveries_ended on webhooks.deliveries (queued_at) where status in ('succeeded', 'failed');
alter table webhooks.deliveries add constraint deliveries_once unique (endpoint_id, event_id, event_type);
create table webhooks.endpoints (
  id uuid not null,
  restaurant_id uuid not null,
  url text not null,
  description text not null,
  event_types jsonb not null,
  status text not null,
  disabled_for text null,
  failing_since timestamptz(3) null,
  secrets jsonb not null,
  created_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
create index endpoints_restaurant on webhooks.endpoints (restaurant_id, id) where status <> 'deleted';
create index endpoints_deleted on webhooks.endpoints (id) where status = 'deleted';
alter table webhooks.deliveries add constraint deliveries_status check (status in ('waiting', 'sending', 'succeeded', 'failed'));
alter table webhooks.deliveries add constraint deliveries_failure check (failure in ('exhausted', 'gone', 'endpoint_disabled', 'abandoned'));
alter table webhooks.deliveries add constraint deliveries_failed_for check ((status = 'failed') = (failure is not null));
alter table webhooks.deliveries add constraint deliveries_attempts check (attempts >= 0 and attempts <= claims);
alter table webhooks.endpoints add constraint endpoints_status check (status in ('enabled', 'disabled', 'deleted'));
alter table webhooks.endpoints add constraint endpoints_reason check (disabled_for in ('owner', 'failing', 'gone'));
alter table webhooks.endpoints add constraint endpoints_disabled_for check ((status = 'disabled') = (disabled_for is not null));
alter table webhooks.endpoints add constraint endpoints_secrets_go check ((status = 'deleted') = (secrets = '[]'::jsonb));
`;

/** Where restaurants want to be told of events, and what is sent there. */
export class Webhooks extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
