import type { IdentityQueries } from '#application/identity/ports.ts';
import type { Sql } from '../sql.ts';
import { ACCOUNT_COLUMNS, type AccountRecord, toAccount } from './accounts.ts';
import { postgresExternalIdentityQueries } from './external-identities.ts';
import { PASSKEY_COLUMNS, type PasskeyRecord, toPasskey } from './passkeys.ts';
import { SECOND_FACTOR_COLUMNS, type SecondFactorRecord, toSecondFactor } from './second-factors.ts';
import { SESSION_COLUMNS, type SessionRecord, toSession } from './sessions.ts';
import { TOKEN_COLUMNS, type TokenRecord, toToken } from './tokens.ts';

/** More than a person can look through. */
const SESSIONS_MAX = 200;
const SESSION = `
  select to_jsonb(s) as session, to_jsonb(a) as account
    from identity.sessions s join identity.accounts a on a.id = s.account_id
   where s.id = $1::uuid`;

export const postgresIdentityQueries = (sql: () => Sql): IdentityQueries => ({
  async account(accountId) {
    const [row] = await sql()<AccountRecord>(`select ${ACCOUNT_COLUMNS} from identity.accounts where id = $1::uuid`, [accountId]);
    return row && toAccount(row);
  },
  accounts: async (accountIds) =>
    (await sql()<AccountRecord>(`select ${ACCOUNT_COLUMNS} from identity.accounts where id = any($1::uuid[])`, [accountIds])).map(toAccount),
  async accountByEmail(email) {
    const [row] = await sql()<AccountRecord>(`select ${ACCOUNT_COLUMNS} from identity.accounts where email = $1`, [email]);
    return row && toAccount(row);
  },
  async accountByPhone(phone) {
    const [row] = await sql()<AccountRecord>(`select ${ACCOUNT_COLUMNS} from identity.accounts where phone = $1`, [phone]);
    return row && toAccount(row);
  },
  async accountByUsername(username) {
    const [row] = await sql()<AccountRecord>(`select ${ACCOUNT_COLUMNS} from identity.accounts where username = $1`, [username]);
    return row && toAccount(row);
  },
  async token(selector) {
    const [row] = await sql()<TokenRecord>(`select ${TOKEN_COLUMNS} from identity.one_time_tokens where selector = $1`, [selector]);
    return row && toToken(row);
  },
  async secondFactor(accountId) {
    const [row] = await sql()<SecondFactorRecord>(`select ${SECOND_FACTOR_COLUMNS} from identity.second_factors where account_id = $1::uuid`, [
      accountId,
    ]);
    return row && toSecondFactor(row);
  },
  async passkey(credentialId) {
    const [row] = await sql()<PasskeyRecord>(`select ${PASSKEY_COLUMNS} from identity.passkeys where credential_id = $1 and status = 'active'`, [
      credentialId,
    ]);
    return row && toPasskey(row);
  },
  async passkeys(accountId) {
    const rows = await sql()<PasskeyRecord>(
      `select ${PASSKEY_COLUMNS} from identity.passkeys where account_id = $1::uuid and status = 'active' order by id desc`,
      [accountId],
    );
    return rows.map(toPasskey);
  },
  ...postgresExternalIdentityQueries(sql),
  async sessions(accountId) {
    const rows = await sql()<SessionRecord>(
      `select ${SESSION_COLUMNS} from identity.sessions where account_id = $1::uuid and status = 'active' order by id desc limit ${SESSIONS_MAX}`,
      [accountId],
    );
    return rows.map(toSession);
  },
  async session(sessionId) {
    const [row] = await sql()<{ readonly session: SessionRecord; readonly account: AccountRecord }>(SESSION, [sessionId]);
    return row && { session: toSession(row.session), account: toAccount(row.account) };
  },
});
