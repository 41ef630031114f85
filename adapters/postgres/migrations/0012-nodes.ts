import { Migration } from '@mikro-orm/migrations';

const UP = `
create table platform.paused_queues (
  "name" text not null,
  paused_at timestamptz(3) not null,
  primary key ("name")
);
create table platform.nodes (
  id uuid not null,
  "role" text not null,
  "version" text not null,
  host text not null,
  pid int not null,
  has_redis boolean not null,
  started_at timestamptz(3) not null,
  seen_at timestamptz(3) not null,
  "load" jsonb not null,
  primary key (id)
);
create table platform.leases (
  task text not null,
  holder text not null,
  token bigint not null,
  expires_at timestamptz(3) not null,
  primary key (task)
);
create table platform.range_replays (
  id uuid not null,
  subscriber text not null,
  from_position bigint not null,
  to_position bigint not null,
  "types" jsonb null,
  xid xid8 not null,
  "position" bigint not null,
  last_xid xid8 not null,
  last_position bigint not null,
  handled int not null,
  status text not null,
  requested_by text not null,
  requested_at timestamptz(3) not null,
  ended_at timestamptz(3) null,
  last_error text null,
  primary key (id)
);
alter table platform.range_replays add constraint range_replays_status_is_known check (status in ('running', 'done'));
alter table platform.events add constraint events_id unique (id);
create index events_type on platform.events ("type", id);
create index events_restaurant on platform.events (restaurant_id, id);
create index events_actor on platform.events (actor, id);
`;

/** Several processes: queues that are paused, nodes, leases, replays of a part of the log, and what its lists read by. */
export class Nodes extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
