import { Migration } from '@mikro-orm/migrations';

const UP = `
create table payments.book_rows (
  processor text not null,
  kind text not null,
  id text not null,
  restaurant_id uuid null,
  payment_id uuid null,
  payout_id uuid null,
  charge_id text null,
  amount bigint not null,
  fee bigint not null,
  fee_tax bigint not null,
  known_fee bigint not null,
  known_fee_tax bigint not null,
  credit bigint not null,
  debit bigint not null,
  currency text not null,
  settlement_id text null,
  utr text null,
  settled_at timestamptz(3) null,
  description text null,
  "at" timestamptz(3) not null,
  primary key (processor, kind, id)
);
create index book_rows_settled on payments.book_rows (restaurant_id, settled_at, settlement_id) where settlement_id is not null;
create index book_rows_settlement on payments.book_rows (restaurant_id, settlement_id, kind, id);
create table payments.disputes (
  restaurant_id uuid not null,
  dispute_id text not null,
  payment_id uuid not null,
  order_id uuid not null,
  charge_id text not null,
  amount bigint not null,
  currency text not null,
  deducted bigint not null,
  status text not null,
  phase text not null,
  reason text not null,
  respond_by timestamptz(3) null,
  "at" timestamptz(3) not null,
  "version" int not null,
  primary key (restaurant_id, dispute_id)
);
create index disputes_newest on payments.disputes (restaurant_id, "at", dispute_id);
create table payments.listed_charges (
  processor text not null,
  charge_id text not null,
  "at" timestamptz(3) not null,
  primary key (processor, charge_id)
);
create index listed_charges_at on payments.listed_charges ("at");
create table payments.payout_accounts (
  restaurant_id uuid not null,
  processor text null,
  account text null,
  commission_basis_points int null,
  "version" int not null,
  primary key (restaurant_id)
);
create table payments.payouts (
  id uuid not null,
  restaurant_id uuid not null,
  processor text not null,
  account text not null,
  amount bigint not null,
  currency text not null,
  status text not null,
  moved bigint not null,
  transfer_id text null,
  requested_at timestamptz(3) not null,
  state jsonb not null,
  "version" int not null,
  primary key (id)
);
create index payouts_restaurant on payments.payouts (restaurant_id, id);
create index payouts_transfer on payments.payouts (processor, transfer_id);
create index payouts_requested on payments.payouts (requested_at);
create index payouts_under_way on payments.payouts (id) where status in ('reserved', 'processing');
create table payments.provider_customers (
  account_id uuid not null,
  processor text not null,
  provider_customer_id text not null,
  primary key (account_id, processor)
);
create table payments.saved_methods (
  id uuid not null,
  account_id uuid not null,
  processor text not null,
  token_id text not null,
  method text not null,
  label text not null,
  expires_at timestamptz(3) null,
  saved_at timestamptz(3) not null,
  primary key (id)
);
alter table payments.saved_methods add constraint saved_methods_token unique (account_id, processor, token_id);
create table payments.walks (
  id text not null,
  "after" text null,
  is_done boolean not null,
  counts jsonb not null,
  "at" timestamptz(3) not null,
  primary key (id)
);
alter table payments.exceptions drop constraint exceptions_kind;
create index exceptions_newest on payments.exceptions (id) where resolved_at is null;
alter table payments.exceptions add constraint exceptions_kind check (kind in ('refund_failed', 'payout_failed', 'amount_mismatch', 'fee_mismatch', 'missing_here', 'missing_at_provider', 'operation_stuck', 'facts_contradict', 'duplicate'));
alter table payments.operations drop constraint operations_kind;
alter table payments.operations alter column restaurant_id drop not null;
alter table payments.operations add constraint operations_kind check (kind in ('open_order', 'open_link', 'cancel_link', 'capture', 'refund', 'payout', 'return'));
alter table payments.book_rows add constraint book_rows_kind check (kind in ('charge', 'refund', 'transfer', 'adjustment'));
alter table payments.book_rows add constraint book_rows_settled_some_time check ((settlement_id is null) = (settled_at is null));
alter table payments.disputes add constraint disputes_status check (status in ('open', 'under_review', 'closed', 'won', 'lost'));
alter table payments.payout_accounts add constraint payout_accounts_commission check (commission_basis_points >= 0 and commission_basis_points <= 10000);
alter table payments.payouts add constraint payouts_status check (status in ('reserved', 'processing', 'failed', 'processed', 'reversed'));
alter table payments.payouts add constraint payouts_amounts check (amount > 0 and moved >= 0);
`;

/** Payouts, the providers' books, disputes as a list, saved ways to pay; exceptions and operations of two more kinds. */
export class Settlement extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
