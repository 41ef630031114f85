import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  // Retention takes off the beginning of a chain, which says first where it begins from then on. Nothing else goes.
  `create function audit.refuse_change() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' and old.seq <= (select pruned from audit.chains c where c.class = old.class) then return old; end if;
     raise exception 'the audit trail is never changed';
   end $$`,
  `create trigger entries_stay before update or delete on audit.entries for each row execute function audit.refuse_change()`,
  `create trigger entries_stay_all before truncate on audit.entries for each statement execute function audit.refuse_change()`,
  'create index sessions_over on identity.sessions (absolute_expires_at)',
];

/** What was done stays written down, and where somebody was signed in does not, once nobody can be any more. */
export class Kept extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }

  override down(): void {
    this.addSql('drop index identity.sessions_over');
    this.addSql('drop trigger entries_stay_all on audit.entries');
    this.addSql('drop trigger entries_stay on audit.entries');
    this.addSql('drop function audit.refuse_change()');
  }
}
