import { Migration } from '@mikro-orm/migrations';

const UP = `
create table partners.roles (
  restaurant_id uuid not null,
  id uuid not null,
  "name" text not null,
  description text not null,
  permissions jsonb not null,
  "version" int not null,
  primary key (restaurant_id, id)
);
alter table partners.roles add constraint roles_name unique (restaurant_id, "name");
create table partners.invitations (
  restaurant_id uuid not null,
  id uuid not null,
  email text not null,
  role text not null,
  selector text not null,
  verifier_hash text not null,
  invited_by uuid not null,
  status text not null,
  sent_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  "version" int not null,
  primary key (restaurant_id, id)
);
alter table partners.invitations add constraint invitations_selector unique (selector);
create index invitations_pending on partners.invitations (restaurant_id, expires_at) where status = 'pending';
create index invitations_expiry on partners.invitations (expires_at);
alter table partners.invitations add constraint invitations_status check (status in ('pending', 'accepted', 'revoked', 'superseded'));
create index staff_role on partners.staff (restaurant_id, role, account_id);
create index accounts_platform on identity.accounts (id) where platform_roles <> '[]';
`;

/** Roles that restaurants make for themselves, and invitations to work in one. */
export class Roles extends Migration {
  override up(): void {
    for (const statement of UP.split(/;\n/)) if (statement.trim() !== '') this.addSql(statement);
  }
}
