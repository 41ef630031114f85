import { Migration } from '@mikro-orm/migrations';

const UP = `
create schema if not exists audit;
create table identity.api_keys (
  id uuid not null,
  restaurant_id uuid not null,
  "name" text not null,
  secret_hash text not null,
  scopes jsonb not null,
  networks jsonb not null,
  issued_by uuid not null,
  issued_at timestamptz(3) not null,
  expires_at timestamptz(3) null,
  status text not null,
  last_used_at timestamptz(3) null,
  "version" int not null,
  primary key (id)
);
create index api_keys_restaurant on identity.api_keys (restaurant_id, id);
alter table identity.api_keys add constraint api_keys_status_is_known check (status in ('active', 'revoked'));
create table audit.chains (
  "class" text not null,
  "last" bigint not null,
  last_hash text not null,
  pruned bigint not null,
  pruned_hash text not null,
  pruned_before timestamptz(3) null,
  primary key ("class")
);
create table audit.entries (
  "class" text not null,
  seq bigint not null,
  event_id uuid not null,
  "type" text not null,
  restaurant_id uuid null,
  stream text not null,
  actor text not null,
  "at" timestamptz(3) not null,
  "data" jsonb not null,
  hash text not null,
  primary key ("class", seq)
);
create index entries_restaurant on audit.entries (restaurant_id, event_id);
alter table audit.entries add constraint entries_event unique (event_id);
alter table audit.entries add constraint entries_class check ("class" in ('sensitive', 'standard'));
`;

/** API keys, and the trail of who did what. */
export class Edge extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
