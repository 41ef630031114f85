import type { Accounts, IdentityQueries, OneTimeTokens, SecondFactors, Sessions, Taken } from '#application/identity/ports.ts';
import { Account } from '#domain/identity/account.ts';
import { OneTimeToken } from '#domain/identity/one-time-token.ts';
import { SecondFactor } from '#domain/identity/second-factor.ts';
import { Session } from '#domain/identity/session.ts';
import type { MemoryStore } from '../store.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';
import { memoryExternalIdentityQueries } from './external.ts';
import { memoryPasskeyQueries } from './passkeys.ts';

const ACCOUNTS = 'identity.accounts';
const SESSIONS = 'identity.sessions';
const TOKENS = 'identity.one_time_tokens';
const SELECTORS = 'identity.one_time_token_selectors';
const FACTORS = 'identity.second_factors';
/** Which account has an address, a number or a name: one table for each, keyed by it. */
const OWNERS = { email: 'identity.account_emails', phone: 'identity.account_phones', username: 'identity.account_usernames' } as const;
const UNIQUE = Object.keys(OWNERS) as readonly (keyof typeof OWNERS)[];
type Owner = { readonly accountId: string };

export const memoryAccounts = (tx: MemoryTx): Accounts => ({
  async lockAdmins() {
    const isAdmin = ({ status, platformRoles }: Account): boolean => status === 'active' && platformRoles.includes('admin');
    const ids = tx.rows<Account>(ACCOUNTS).flatMap((account) => (isAdmin(account) ? [account.id] : []));
    await tx.lock(ACCOUNTS, ids);
    return ids.filter((id) => isAdmin(tx.get<Account>(ACCOUNTS, id) as Account));
  },
  async lock(accountId) {
    await tx.lock(ACCOUNTS, [accountId]);
    return tx.get<Account>(ACCOUNTS, accountId);
  },
  async save({ state, events }) {
    const { id, version } = Account.check(state);
    const before = version === 0 ? undefined : tx.get<Account>(ACCOUNTS, id);
    for (const name of UNIQUE) if (!moves(tx, name, before?.[name], state[name], id)) return `${name}_taken` satisfies Taken;
    tx.put(ACCOUNTS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `account:${id}`, version, restaurantId: null }, events);
    return 'saved';
  },
});

/** Gives one up for the other. Two who want one meet at the commit; the later one runs again and is told. */
function moves(tx: MemoryTx, name: keyof typeof OWNERS, from: string | null | undefined, to: string | null, accountId: string): boolean {
  if (from === to) return true;
  if (from) tx.delete(OWNERS[name], from);
  if (to === null) return true;
  try {
    tx.insert(OWNERS[name], to, { accountId });
    return true;
  } catch (error) {
    if (error instanceof DuplicateKey) return false;
    throw error;
  }
}

export const memorySessions = (tx: MemoryTx): Sessions => ({
  find: async (sessionId) => tx.get<Session>(SESSIONS, sessionId),
  activeOf: async (accountId) => tx.rows<Session>(SESSIONS).filter((session) => session.accountId === accountId && session.status === 'active'),
  async save({ state, events }) {
    const { id, version } = Session.check(state);
    tx.put(SESSIONS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `session:${id}`, version, restaurantId: null }, events);
  },
  async forget(overBefore) {
    const old = tx.rows<Session>(SESSIONS).filter(({ absoluteExpiresAt }) => absoluteExpiresAt < overBefore);
    for (const { id } of old) tx.delete(SESSIONS, id);
    return old.length;
  },
});

export const memoryOneTimeTokens = (tx: MemoryTx): OneTimeTokens => ({
  async lock(selector) {
    const id = tx.get<{ readonly tokenId: string }>(SELECTORS, selector)?.tokenId;
    if (id === undefined) return undefined;
    await tx.lock(TOKENS, [id]);
    return tx.get<OneTimeToken>(TOKENS, id);
  },
  async issuedTo(accountId) {
    const isOpen = (token: OneTimeToken): boolean => token.accountId === accountId && token.status === 'issued';
    return tx.rows<OneTimeToken>(TOKENS).filter(isOpen);
  },
  async save({ state, events }) {
    const { id, selector, version } = OneTimeToken.check(state);
    if (version === 0) tx.insert(SELECTORS, selector, { tokenId: id });
    tx.put(TOKENS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `token:${id}`, version, restaurantId: null }, events);
  },
  async forget(expiredBefore) {
    const old = tx.rows<OneTimeToken>(TOKENS).filter(({ expiresAt }) => expiresAt < expiredBefore);
    for (const { id, selector } of old) {
      tx.delete(TOKENS, id);
      tx.delete(SELECTORS, selector);
    }
    return old.length;
  },
});

export const memorySecondFactors = (tx: MemoryTx): SecondFactors => ({
  async lock(accountId) {
    await tx.lock(FACTORS, [accountId]);
    return tx.get<SecondFactor>(FACTORS, accountId);
  },
  async save({ state, events }) {
    const { accountId, version } = SecondFactor.check(state);
    tx.put(FACTORS, accountId, version, { ...state, version: version + events.length });
    tx.append({ stream: `second-factor:${accountId}`, version, restaurantId: null }, events);
  },
});

export const memoryIdentityQueries = (store: MemoryStore): IdentityQueries => {
  const owned = (name: keyof typeof OWNERS, value: string): Account | undefined => {
    const owner = store.row<Owner>(OWNERS[name], value);
    return owner && store.row<Account>(ACCOUNTS, owner.accountId);
  };
  return {
    ...memoryPasskeyQueries(store),
    ...memoryExternalIdentityQueries(store),
    account: async (accountId) => store.row<Account>(ACCOUNTS, accountId),
    accounts: async (accountIds) => accountIds.flatMap((accountId) => store.row<Account>(ACCOUNTS, accountId) ?? []),
    accountByEmail: async (email) => owned('email', email),
    accountByPhone: async (phone) => owned('phone', phone),
    accountByUsername: async (username) => owned('username', username),
    async token(selector) {
      const found = store.row<{ readonly tokenId: string }>(SELECTORS, selector);
      return found && store.row<OneTimeToken>(TOKENS, found.tokenId);
    },
    secondFactor: async (accountId) => store.row<SecondFactor>(FACTORS, accountId),
    async sessions(accountId) {
      return store
        .rows<Session>(SESSIONS)
        .filter((session) => session.accountId === accountId && session.status === 'active')
        .reverse();
    },
    async session(sessionId) {
      const session = store.row<Session>(SESSIONS, sessionId);
      const account = session && store.row<Account>(ACCOUNTS, session.accountId);
      return session && account && { session, account };
    },
  };
};
