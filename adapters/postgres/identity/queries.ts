import type { IdentityQueries } from '#application/identity/ports.ts';
import type { Sql } from '../sql.ts';
import { ACCOUNT_COLUMNS, type AccountRecord, toAccount } from './accounts.ts';
import { type SessionRecord, toSession } from './sessions.ts';

const SESSION = `
  select to_jsonb(s) as session, to_jsonb(a) as account
    from identity.sessions s join identity.accounts a on a.id = s.account_id
   where s.id = $1::uuid`;

export const postgresIdentityQueries = (sql: () => Sql): IdentityQueries => ({
  async account(accountId) {
    const [row] = await sql()<AccountRecord>(`select ${ACCOUNT_COLUMNS} from identity.accounts where id = $1::uuid`, [accountId]);
    return row && toAccount(row);
  },
  async accountByEmail(email) {
    const [row] = await sql()<AccountRecord>(`select ${ACCOUNT_COLUMNS} from identity.accounts where email = $1`, [email]);
    return row && toAccount(row);
  },
  async session(sessionId) {
    const [row] = await sql()<{ readonly session: SessionRecord; readonly account: AccountRecord }>(SESSION, [sessionId]);
    return row && { session: toSession(row.session), account: toAccount(row.account) };
  },
});
