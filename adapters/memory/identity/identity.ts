import type { Accounts, IdentityQueries, Sessions } from '#application/identity/ports.ts';
import { Account } from '#domain/identity/account.ts';
import { Session } from '#domain/identity/session.ts';
import type { MemoryStore } from '../store.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';

const ACCOUNTS = 'identity.accounts';
const EMAILS = 'identity.account_emails';
const SESSIONS = 'identity.sessions';

export const memoryAccounts = (tx: MemoryTx): Accounts => ({
  async lock(accountId) {
    await tx.lock(ACCOUNTS, [accountId]);
    return tx.get<Account>(ACCOUNTS, accountId);
  },
  async save({ state, events }) {
    const { id, email, version } = Account.check(state);
    if (version === 0 && !claims(tx, email, id)) return 'email_taken';
    tx.put(ACCOUNTS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `account:${id}`, version, restaurantId: null }, events);
    return 'saved';
  },
});

/** Two at once meet at the commit; the later one runs again and is told. */
function claims(tx: MemoryTx, email: string, accountId: string): boolean {
  try {
    tx.insert(EMAILS, email, { accountId });
    return true;
  } catch (error) {
    if (error instanceof DuplicateKey) return false;
    throw error;
  }
}

export const memorySessions = (tx: MemoryTx): Sessions => ({
  find: async (sessionId) => tx.get<Session>(SESSIONS, sessionId),
  async save({ state, events }) {
    const { id, version } = Session.check(state);
    tx.put(SESSIONS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `session:${id}`, version, restaurantId: null }, events);
  },
});

export const memoryIdentityQueries = (store: MemoryStore): IdentityQueries => ({
  account: async (accountId) => store.row<Account>(ACCOUNTS, accountId),
  async accountByEmail(email) {
    const owner = store.row<{ readonly accountId: string }>(EMAILS, email);
    return owner && store.row<Account>(ACCOUNTS, owner.accountId);
  },
  async session(sessionId) {
    const session = store.row<Session>(SESSIONS, sessionId);
    const account = session && store.row<Account>(ACCOUNTS, session.accountId);
    return session && account && { session, account };
  },
});
