import { Migration } from '@mikro-orm/migrations';

const UP = `
create schema if not exists catalogue;
create schema if not exists identity;
create schema if not exists inventory;
create schema if not exists ordering;
create schema if not exists partners;
create schema if not exists platform;
create table identity.accounts (
  id uuid not null,
  email text not null,
  display_name text not null,
  password_hash text not null,
  platform_roles jsonb not null,
  status text not null,
  registered_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
alter table identity.accounts add constraint accounts_email unique (email);
alter table identity.accounts add constraint accounts_email_is_normalised check (email = lower(email) and length(email) <= 254);
alter table identity.accounts add constraint accounts_status_is_known check (status in ('active', 'closed'));
create table inventory.balances (
  restaurant_id uuid not null,
  stock_item_id uuid not null,
  batch_id uuid not null,
  shelf bigint not null,
  held bigint not null,
  expires_at timestamptz(3) null,
  lot text null,
  primary key (restaurant_id, stock_item_id, batch_id)
);
create index balances_expiry on inventory.balances (expires_at) where expires_at is not null;
alter table inventory.balances add constraint balances_shelf check (shelf >= 0);
alter table inventory.balances add constraint balances_held check (held >= 0);
create table catalogue.categories (
  restaurant_id uuid not null,
  id uuid not null,
  "name" text not null,
  "position" int not null,
  hours jsonb null,
  is_archived boolean not null,
  "version" int not null,
  primary key (restaurant_id, id)
);
create table platform.cluster (
  id int not null,
  system_identifier text not null,
  primary key (id)
);
alter table platform.cluster add constraint cluster_is_one check (id = 1);
create table platform.event_retries (
  subscriber text not null,
  "position" bigint not null,
  is_replay boolean not null,
  xid xid8 not null,
  attempts int not null,
  due_at timestamptz(3) not null,
  parked_at timestamptz(3) null,
  last_error text not null,
  primary key (subscriber, "position", is_replay)
);
create table platform.events (
  xid xid8 not null default pg_current_xact_id(),
  "position" bigserial not null,
  id uuid not null,
  "type" text not null,
  stream text not null,
  "version" int not null,
  restaurant_id uuid null,
  "data" jsonb not null,
  actor text not null,
  trace_id text null,
  recorded_at timestamptz(3) not null,
  primary key (xid, "position")
);
alter table platform.events add constraint events_stream_version unique (stream, "version");
create table catalogue.items (
  restaurant_id uuid not null,
  id uuid not null,
  category_id uuid not null,
  "name" text not null,
  description text not null,
  price bigint not null,
  tax_class text not null,
  diet text null,
  tags jsonb not null,
  allergens jsonb not null,
  hours jsonb null,
  group_ids jsonb not null,
  "position" int not null,
  availability text not null,
  is_archived boolean not null,
  "version" int not null,
  primary key (restaurant_id, id)
);
create index items_live on catalogue.items (restaurant_id, category_id) where not is_archived;
alter table catalogue.items add constraint items_price check (price >= 0);
alter table catalogue.items add constraint items_diet check (diet in ('veg', 'non_veg', 'egg', 'vegan'));
alter table catalogue.items add constraint items_availability check (availability in ('in_stock', 'quantity', 'out_of_stock'));
create table catalogue.menus (
  restaurant_id uuid not null,
  revision int not null,
  primary key (restaurant_id)
);
create table catalogue.modifier_groups (
  restaurant_id uuid not null,
  id uuid not null,
  "name" text not null,
  min_choices int not null,
  max_choices int not null,
  options jsonb not null,
  is_archived boolean not null,
  "version" int not null,
  primary key (restaurant_id, id)
);
create table inventory.movements (
  restaurant_id uuid not null,
  id uuid not null,
  stock_item_id uuid not null,
  batch_id uuid not null,
  from_place text not null,
  to_place text not null,
  quantity bigint not null,
  kind text not null,
  document_id uuid not null,
  reason text null,
  "at" timestamptz(3) not null,
  primary key (restaurant_id, id)
);
create index movements_item on inventory.movements (restaurant_id, stock_item_id, id);
alter table inventory.movements add constraint movements_quantity check (quantity > 0);
alter table inventory.movements add constraint movements_places check (from_place in ('supplier', 'shelf', 'held', 'sold', 'waste', 'count', 'transfer') and to_place in ('supplier', 'shelf', 'held', 'sold', 'waste', 'count', 'transfer') and from_place <> to_place);
alter table inventory.movements add constraint movements_kind check (kind in ('receipt', 'waste', 'count', 'transfer', 'order'));
create table ordering.order_history (
  order_id uuid not null,
  "version" int not null,
  restaurant_id uuid not null,
  from_status text null,
  to_status text not null,
  actor text not null,
  reason text null,
  "at" timestamptz(3) not null,
  primary key (order_id, "version")
);
create table ordering.order_numbers (
  restaurant_id uuid not null,
  business_day date not null,
  "last" int not null,
  primary key (restaurant_id, business_day)
);
create table ordering.orders (
  id uuid not null,
  restaurant_id uuid not null,
  customer_id uuid not null,
  business_day date not null,
  number int not null,
  status text not null,
  reason text null,
  total bigint not null,
  placed_at timestamptz(3) not null,
  expires_at timestamptz(3) null,
  facts jsonb not null,
  "version" int not null,
  primary key (id)
);
create index orders_restaurant_status on ordering.orders (restaurant_id, status, id);
create index orders_customer on ordering.orders (customer_id, id);
create index orders_lapsing on ordering.orders (expires_at) where status = 'pending';
alter table ordering.orders add constraint orders_number unique (restaurant_id, business_day, number);
alter table ordering.orders add constraint orders_status check (status in ('pending', 'placed', 'accepted', 'preparing', 'ready', 'out_for_delivery', 'completed', 'returned', 'rejected', 'cancelled', 'expired'));
alter table ordering.orders add constraint orders_total check (total >= 0);
create table inventory.recipe_revisions (
  restaurant_id uuid not null,
  revision int not null,
  primary key (restaurant_id)
);
create table inventory.recipes (
  restaurant_id uuid not null,
  sellable_id uuid not null,
  lines jsonb not null,
  counts_down boolean not null,
  "version" int not null,
  primary key (restaurant_id, sellable_id)
);
create table platform.requests (
  scope text not null,
  "key" text not null,
  fingerprint text not null,
  outcome text not null,
  claimed_at timestamptz(3) not null,
  primary key (scope, "key")
);
create table inventory.reservations (
  restaurant_id uuid not null,
  order_id uuid not null,
  lines jsonb not null,
  status text not null,
  expires_at timestamptz(3) null,
  reserved_at timestamptz(3) not null,
  settled_at timestamptz(3) null,
  "version" int not null,
  primary key (restaurant_id, order_id)
);
create index reservations_held on inventory.reservations (restaurant_id, order_id) where status = 'held';
alter table inventory.reservations add constraint reservations_status check (status in ('held', 'fulfilled', 'released', 'expired', 'wasted'));
create table partners.restaurants (
  id uuid not null,
  "name" text not null,
  settings jsonb not null,
  opened_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
create table identity.sessions (
  id uuid not null,
  account_id uuid not null,
  salt text not null,
  rotation int not null,
  status text not null,
  started_at timestamptz(3) not null,
  rotated_at timestamptz(3) not null,
  idle_expires_at timestamptz(3) not null,
  absolute_expires_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
alter table identity.sessions add constraint sessions_status_is_known check (status in ('active', 'revoked', 'expired'));
create table partners.staff (
  restaurant_id uuid not null,
  account_id uuid not null,
  display_name text not null,
  email text not null,
  role text null,
  since timestamptz(3) not null,
  "version" int not null,
  primary key (restaurant_id, account_id)
);
create index staff_account on partners.staff (account_id);
create table inventory.stock_alerts (
  restaurant_id uuid not null,
  stock_item_id uuid not null,
  level text not null,
  "version" int not null,
  primary key (restaurant_id, stock_item_id)
);
alter table inventory.stock_alerts add constraint stock_alerts_level check (level in ('ok', 'low', 'out'));
create table inventory.stock_items (
  restaurant_id uuid not null,
  id uuid not null,
  "name" text not null,
  name_key text null,
  unit text not null,
  kind text not null,
  low_stock_threshold bigint not null,
  "version" int not null,
  primary key (restaurant_id, id)
);
alter table inventory.stock_items add constraint stock_items_name unique (restaurant_id, name_key);
alter table inventory.stock_items add constraint stock_items_unit check (unit in ('g', 'kg', 'ml', 'l', 'piece', 'portion'));
alter table inventory.stock_items add constraint stock_items_kind check (kind in ('ingredient', 'countdown'));
create table platform.subscribers (
  "name" text not null,
  xid xid8 not null default '0',
  "position" bigint not null default '0',
  replay_xid xid8 not null default '0',
  replay_position bigint not null default '0',
  primary key ("name")
);
-- Balances change with every order: room on the page keeps their updates off the index.
alter table inventory.balances set (fillfactor = 70);
`;

/** The schema of the first release. */
export class Foundation extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
