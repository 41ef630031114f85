import { Migration } from '@mikro-orm/migrations';

const UP = `
create table identity.external_identities (
  id uuid not null,
  account_id uuid not null,
  provider text not null,
  issuer text not null,
  subject text not null,
  status text not null,
  linked_at timestamptz(3) not null,
  used_at timestamptz(3) null,
  "version" int not null,
  primary key (id)
);
create unique index external_identities_subject on identity.external_identities (issuer, subject) where status = 'active';
create index external_identities_active on identity.external_identities (account_id, id) where status = 'active';
alter table identity.external_identities add constraint external_identities_status check (status in ('active', 'removed'));
create table identity.notes (
  "key" text not null,
  sealed text not null,
  expires_at timestamptz(3) not null,
  primary key ("key")
);
create index notes_expiry on identity.notes (expires_at);
alter table identity.one_time_tokens add column proof text null;
alter table identity.accounts alter column password_hash drop not null;
update identity.accounts set password_hash = null where status = 'closed';
`;

/** Signing in through other providers, and accounts that have no password. */
export class ExternalIdentities extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
