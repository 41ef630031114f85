import { Migration } from '@mikro-orm/migrations';

const UP = `
create schema if not exists notifications;
alter table identity.accounts add column email_verified_at timestamptz(3) null;
alter table identity.accounts add column phone text null;
alter table identity.accounts add column username text null;
alter table identity.accounts add column credentials int not null default 1;
alter table identity.accounts alter column credentials drop default;
-- Whoever registered before addresses were asked to be confirmed is taken at their word.
update identity.accounts set email_verified_at = registered_at;
alter table identity.accounts add constraint accounts_phone unique (phone);
alter table identity.accounts add constraint accounts_username unique (username);
alter table identity.accounts add constraint accounts_phone_is_e164 check (phone ~ '^\\+[1-9][0-9]{6,14}$');
alter table identity.accounts add constraint accounts_username_is_normalised check (username = lower(username));
alter table identity.sessions add column proofs jsonb not null default '["password"]';
alter table identity.sessions alter column proofs drop default;
alter table identity.sessions add column device text not null default 'Unknown device';
alter table identity.sessions alter column device drop default;
alter table identity.sessions add column ip text null;
create index sessions_active on identity.sessions (account_id) where status = 'active';
create table identity.one_time_tokens (
  id uuid not null,
  purpose text not null,
  account_id uuid not null,
  selector text not null,
  verifier_hash text not null,
  credentials int null,
  email text null,
  status text not null,
  misses int not null,
  issued_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
alter table identity.one_time_tokens add constraint one_time_tokens_selector unique (selector);
create index one_time_tokens_issued on identity.one_time_tokens (account_id) where status = 'issued';
create index one_time_tokens_expiry on identity.one_time_tokens (expires_at);
alter table identity.one_time_tokens add constraint one_time_tokens_purpose
  check (purpose in ('verify_email', 'change_email', 'undo_email', 'reset_password', 'second_factor'));
alter table identity.one_time_tokens add constraint one_time_tokens_status
  check (status in ('issued', 'redeemed', 'expired', 'superseded', 'exhausted'));
create table identity.second_factors (
  account_id uuid not null,
  status text not null,
  sealed_secret text not null,
  last_step bigint not null,
  backup_codes jsonb not null,
  "version" int not null,
  primary key (account_id)
);
alter table identity.second_factors add constraint second_factors_status check (status in ('off', 'pending', 'on'));
create table identity.passkeys (
  id uuid not null,
  account_id uuid not null,
  credential_id text not null,
  public_key text not null,
  counter bigint not null,
  "name" text not null,
  status text not null,
  added_at timestamptz(3) not null,
  used_at timestamptz(3) null,
  "version" int not null,
  primary key (id)
);
alter table identity.passkeys add constraint passkeys_credential unique (credential_id);
create index passkeys_active on identity.passkeys (account_id) where status = 'active';
alter table identity.passkeys add constraint passkeys_status check (status in ('active', 'removed'));
create table identity.attempts (
  "key" text not null,
  at jsonb not null,
  locks int not null,
  locked_until timestamptz(3) null,
  forgotten_at timestamptz(3) not null,
  primary key ("key")
);
create index attempts_forgotten on identity.attempts (forgotten_at);
create table notifications.emails (
  id uuid not null,
  "key" text not null,
  to_address text not null,
  template text not null,
  sealed_facts text not null,
  status text not null,
  attempts int not null,
  due_at timestamptz(3) not null,
  queued_at timestamptz(3) not null,
  "version" int not null,
  primary key (id)
);
alter table notifications.emails add constraint emails_key unique ("key");
create index emails_due on notifications.emails (due_at, id) where status in ('pending', 'processing');
alter table notifications.emails add constraint emails_status check (status in ('pending', 'processing', 'sent', 'failed'));
alter table notifications.emails add constraint emails_attempts check (attempts >= 0 and attempts <= 3);
alter table notifications.emails add constraint emails_text_goes check ((status in ('sent', 'failed')) = (sealed_facts = ''));
`;

/** Accounts that can be recovered, and the mail that does it. */
export class Identity extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
