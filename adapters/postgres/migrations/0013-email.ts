import { Migration } from '@mikro-orm/migrations';

const UP = `
alter table notifications.emails drop constraint emails_text_goes;
alter table notifications.emails drop constraint emails_attempts;
drop index notifications.emails_due;
alter table notifications.emails add column recipient_digest text not null default '';
alter table notifications.emails alter column recipient_digest drop default;
alter table notifications.emails add column priority smallint not null default 1;
alter table notifications.emails alter column priority drop default;
alter table notifications.emails add column campaign_id uuid null;
alter table notifications.emails add column expires_at timestamptz(3) null;
alter table notifications.emails add column failure text null;
alter table notifications.emails add column reason text null;
alter table notifications.emails add column ended_at timestamptz(3) null;
update notifications.emails
   set expires_at = queued_at + interval '3 days',
       failure = case when status = 'failed' then 'exhausted' end,
       ended_at = case when status in ('sent', 'failed') then queued_at end;
alter table notifications.emails alter column expires_at set not null;
alter table notifications.emails add constraint emails_failure check (failure in ('refused', 'exhausted', 'lost', 'expired', 'suppressed', 'unreadable') and status = 'failed' or failure is null and status <> 'failed');
alter table notifications.emails add constraint emails_priority check (priority >= 0 and priority <= 2);
alter table notifications.emails add constraint emails_attempts check (attempts >= 0 and attempts <= 10);
alter table notifications.emails add constraint emails_text_goes check (status = 'failed' or (status = 'sent') = (sealed_facts = ''));
alter table notifications.emails add constraint emails_ended_some_time check ((status in ('sent', 'failed')) = (ended_at is not null));
create index emails_due on notifications.emails (priority, due_at, id) where status in ('pending', 'processing');
create index emails_status_template on notifications.emails (status, template, id);
create index emails_recipient on notifications.emails (recipient_digest, id);
create index emails_campaign on notifications.emails (campaign_id, id) where campaign_id is not null;
create index emails_ended on notifications.emails (ended_at);
create table notifications.email_campaigns (
  id uuid not null,
  template text not null,
  subject text not null,
  "text" text not null,
  button jsonb null,
  recipients int not null,
  queued_by text not null,
  queued_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
create table notifications.suppressions (
  id uuid not null,
  address text not null,
  recipient_digest text not null,
  reason text not null,
  note text null,
  added_by text not null,
  added_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
alter table notifications.suppressions add constraint suppressions_address unique (address);
create index suppressions_reason on notifications.suppressions (reason, id);
create index suppressions_recipient on notifications.suppressions (recipient_digest, id);
alter table notifications.suppressions add constraint suppressions_reason_is_known check (reason in ('hard_bounce', 'complaint', 'unsubscribed', 'manual'));
create table notifications.email_sending (
  id text not null,
  is_paused boolean not null,
  reason text null,
  since timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
`;

/** Mail with priorities, an end, campaigns and a list of addresses that are not written to. */
export class EmailQueue extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
