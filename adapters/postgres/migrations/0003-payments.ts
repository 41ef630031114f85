import { Migration } from '@mikro-orm/migrations';

const UP = `
create schema if not exists payments;
create table payments.exceptions (
  id uuid not null,
  kind text not null,
  processor text not null,
  reference text not null,
  restaurant_id uuid null,
  payment_id uuid null,
  detail jsonb not null,
  raised_at timestamptz(3) not null,
  resolution text null,
  note text null,
  resolved_by text null,
  resolved_at timestamptz(3) null,
  "version" int not null,
  primary key (id)
);
create unique index exceptions_open on payments.exceptions (kind, processor, reference) where resolved_at is null;
create index exceptions_restaurant on payments.exceptions (restaurant_id, id);
create table payments.ledger_balances (
  restaurant_id uuid not null,
  account text not null,
  currency text not null,
  debit bigint not null,
  credit bigint not null,
  primary key (restaurant_id, account, currency)
);
create table payments.ledger_entries (
  restaurant_id uuid not null,
  id uuid not null,
  account text not null,
  currency text not null,
  debit bigint not null,
  credit bigint not null,
  kind text not null,
  source text not null,
  sequence int not null,
  "at" timestamptz(3) not null,
  primary key (restaurant_id, id)
);
create index ledger_entries_account on payments.ledger_entries (restaurant_id, account, id);
alter table payments.ledger_entries add constraint ledger_entries_once unique (source, sequence, account, currency);
create table payments.operations (
  id text not null,
  kind text not null,
  processor text not null,
  restaurant_id uuid not null,
  subject_id uuid not null,
  target_id text not null,
  status text not null,
  tries int not null,
  due_at timestamptz(3) null,
  last_error text null,
  planned_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
create index operations_due on payments.operations (due_at) where due_at is not null;
create index operations_subject on payments.operations (subject_id);
create table payments."references" (
  processor text not null,
  reference text not null,
  restaurant_id uuid not null,
  payment_id uuid not null,
  primary key (processor, reference)
);
create table payments.payments (
  id uuid not null,
  restaurant_id uuid not null,
  order_id uuid not null,
  customer_id uuid not null,
  status text not null,
  amount bigint not null,
  currency text not null,
  captured bigint not null,
  refunded bigint not null,
  refunded_elsewhere bigint not null,
  refund_reserved bigint not null,
  fees bigint not null,
  opened_at timestamptz(3) not null,
  next_check_at timestamptz(3) null,
  state jsonb not null,
  "version" int not null,
  primary key (id)
);
create index payments_restaurant on payments.payments (restaurant_id, id);
create index payments_restaurant_status on payments.payments (restaurant_id, status, id);
create index payments_checks on payments.payments (next_check_at) where next_check_at is not null;
alter table payments.payments add constraint payments_order unique (order_id);
create table payments.provider_events (
  processor text not null,
  event_id text not null,
  "type" text not null,
  body bytea not null,
  received_at timestamptz(3) not null,
  status text not null,
  tries int not null,
  due_at timestamptz(3) not null,
  detail text null,
  settled_at timestamptz(3) null,
  primary key (processor, event_id)
);
create index provider_events_due on payments.provider_events (due_at) where status = 'received';
alter table payments.exceptions add constraint exceptions_kind check (kind in ('refund_failed', 'payout_failed', 'amount_mismatch', 'fee_mismatch', 'missing_here', 'missing_at_provider', 'operation_stuck', 'facts_contradict'));
alter table payments.ledger_entries add constraint ledger_entries_sides check (debit >= 0 and credit >= 0 and (debit = 0) <> (credit = 0));
alter table payments.operations add constraint operations_kind check (kind in ('open_order', 'open_link', 'cancel_link', 'capture', 'refund', 'payout'));
alter table payments.operations add constraint operations_status check (status in ('planned', 'dispatched', 'unknown', 'succeeded', 'failed', 'cancelled'));
alter table payments.payments add constraint payments_status check (status in ('pending', 'failed', 'authorized', 'voided', 'captured', 'partially_refunded', 'refunded'));
alter table payments.payments add constraint payments_amounts check (amount >= 0 and captured >= 0 and refunded >= 0 and refunded_elsewhere >= 0 and refund_reserved >= 0);
alter table payments.payments add constraint payments_refunds check (refunded - refunded_elsewhere + refund_reserved <= captured);
alter table payments.provider_events add constraint provider_events_status check (status in ('received', 'processed', 'unmatched', 'parked'));
`;

/** The ledger is only added to, and every posting balances when its transaction commits: the database says so, whoever writes. */
const GUARDS = [
  `create function payments.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'the ledger is only added to';
  end $$`,
  `create trigger ledger_entries_stay before update or delete on payments.ledger_entries
    for each row execute function payments.refuse_change()`,
  `create function payments.refuse_imbalance() returns trigger language plpgsql as $$
  begin
    if (select sum(debit) - sum(credit) from payments.ledger_entries where source = new.source and sequence = new.sequence) <> 0 then
      raise exception 'the posting %/% does not balance', new.source, new.sequence;
    end if;
    return null;
  end $$`,
  `create constraint trigger ledger_entries_balance after insert on payments.ledger_entries
    deferrable initially deferred for each row execute function payments.refuse_imbalance()`,
];

/** Payments, what providers said of them, what was asked of providers, and the ledger. */
export class Payments extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
    for (const statement of GUARDS) this.addSql(statement);
  }
}
