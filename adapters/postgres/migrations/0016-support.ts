import { Migration } from '@mikro-orm/migrations';

const UP = `
create schema if not exists support;
create table support.canned_replies (
  id uuid not null,
  restaurant_id uuid null,
  title text not null,
  text text not null,
  is_removed boolean not null,
  "version" int not null,
  primary key (id)
);
create index canned_replies_kept on support.canned_replies (restaurant_id, id) where not is_removed;
create table support.messages (
  thread_id uuid not null,
  seq int not null,
  id uuid not null,
  author_id text not null,
  side text not null,
  text text not null,
  is_internal boolean not null,
  client_id text null,
  sent_at timestamptz(3) not null,
  primary key (thread_id, seq)
);
alter table support.messages add constraint messages_client unique (thread_id, author_id, client_id);
alter table support.messages add constraint messages_side check (side in ('customer', 'restaurant', 'rider', 'support'));
alter table support.messages add constraint messages_internal check (not (is_internal and side = 'customer'));
create table support.threads (
  id uuid not null,
  restaurant_id uuid null,
  subject_kind text not null,
  subject_id uuid not null,
  customer_id uuid not null,
  last_seq int not null,
  last_message_id uuid not null,
  reads jsonb not null,
  "version" int not null,
  primary key (id)
);
create index threads_restaurant on support.threads (restaurant_id, last_message_id) where subject_kind = 'order';
create index threads_customer on support.threads (customer_id, last_message_id) where subject_kind = 'order';
alter table support.threads add constraint threads_subject unique (subject_id, subject_kind);
alter table support.threads add constraint threads_subject_kind check (subject_kind in ('order', 'ticket'));
alter table support.threads add constraint threads_last_seq check (last_seq >= 0);
create table support.tickets (
  id uuid not null,
  restaurant_id uuid null,
  requester_id uuid not null,
  order_id uuid null,
  title text not null,
  category text not null,
  priority text not null,
  status text not null,
  assignee_id uuid null,
  opened_at timestamptz(3) not null,
  first_responded_at timestamptz(3) null,
  resolved_at timestamptz(3) null,
  waiting_since timestamptz(3) null,
  waited_ms bigint not null,
  "version" int not null,
  primary key (id)
);
create index tickets_restaurant on support.tickets (restaurant_id, status, id);
create index tickets_restaurant_opened on support.tickets (restaurant_id, opened_at);
create index tickets_assignee on support.tickets (assignee_id, status, id);
create index tickets_requester on support.tickets (requester_id, id);
create index tickets_platform on support.tickets (status, id) where restaurant_id is null;
create index tickets_resolved on support.tickets (id) where status = 'resolved';
alter table support.tickets add constraint tickets_status check (status in ('open', 'waiting', 'resolved', 'closed'));
alter table support.tickets add constraint tickets_category check (category in ('order', 'payment', 'delivery', 'account', 'other'));
alter table support.tickets add constraint tickets_priority check (priority in ('low', 'normal', 'high', 'urgent'));
alter table support.tickets add constraint tickets_resolved_at check ((resolved_at is not null) = (status in ('resolved', 'closed')));
alter table support.tickets add constraint tickets_waiting check ((waiting_since is not null) = (status = 'waiting') and waited_ms >= 0);
`;

/** Conversations about orders, tickets and canned replies. */
export class Support extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
