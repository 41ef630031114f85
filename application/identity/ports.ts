import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Account } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import type { AccountEvent, SessionEvent } from '#domain/identity/events.ts';
import type { Session } from '#domain/identity/session.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Change } from '#domain/shared/change.ts';

export type Accounts = {
  /** The account as it is now; nobody else writes it until the transaction ends. */
  lock(accountId: string): Promise<Account | undefined>;
  /** Writes the state and its events, or throws WriteConflict. After 'email_taken' the transaction can only be refused. */
  save(change: Change<Account, AccountEvent>): Promise<'saved' | 'email_taken'>;
};

export type Sessions = {
  find(sessionId: string): Promise<Session | undefined>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Session, SessionEvent>): Promise<void>;
};

export type IdentityQueries = {
  account(accountId: string): Promise<Account | undefined>;
  accountByEmail(email: EmailAddress): Promise<Account | undefined>;
  /** A session and whose it is, whatever has become of them. */
  session(sessionId: string): Promise<{ readonly session: Session; readonly account: Account } | undefined>;
};

/** What identity needs from partners: which roles an account holds in which restaurants. */
export type Grants = {
  rolesOf(accountId: string): Promise<readonly { readonly restaurantId: string; readonly role: string }[]>;
};

/** Slow, salted hashes of passwords. More work than it can queue is refused with HasherBusy, before it costs anything. */
export type PasswordHasher = {
  /** Of the whole password, however long: nothing is cut off. */
  hash(password: string): Promise<string>;
  /** Without a hash the answer is false, after the same work. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** Whether the hash was made with another cost, key or algorithm than new ones are. */
  needsRehash(hash: string): boolean;
  close(): Promise<void>;
};

export class HasherBusy extends Error {
  override readonly name = 'HasherBusy';
}

export type AccessClaims = { readonly accountId: string; readonly sessionId: string };

/** Short-lived proofs of a session, which nobody has to look up. */
export type AccessTokens = {
  issue(claims: AccessClaims, issuedAt: number, expiresAt: number): Promise<string>;
  /** What a token of ours says until it expires; undefined for every other text. Says nothing of whether the session still lives. */
  verify(token: string): Promise<AccessClaims | undefined>;
};

/** The token that renews a session. It is computed from the session, so nothing presentable is stored and a repeated renewal gets the same one. */
export type RefreshTokens = {
  /** Chance for a new session, so that the keys alone forge no token. */
  newSalt(): string;
  issue(session: Pick<Session, 'id' | 'salt' | 'rotation'>): string;
  /** What a text claims to be; undefined when it is not even a token. */
  read(token: string): { readonly sessionId: string; readonly rotation: number } | undefined;
  /** Whether we issued exactly this text for the session. Takes the same time wherever it differs. */
  isGenuine(token: string, session: Pick<Session, 'id' | 'salt'>): boolean;
};

export type AccountActor = Extract<Actor, { readonly kind: 'account' }>;

/** Remembers whom live sessions belong to, and what those accounts may do. */
export type SessionStandings = {
  /**
   * What `load` found at most five seconds ago, and never before a commit of this process that changed it; undefined for
   * a session that is not alive.
   */
  get(sessionId: string, load: (sessionId: string) => Promise<AccountActor | undefined>): Promise<AccountActor | undefined>;
};

export type IdentityTx = { readonly accounts: Accounts; readonly sessions: Sessions };
export type IdentityDeps = {
  readonly uow: UnitOfWork<IdentityTx>;
  readonly queries: IdentityQueries;
  readonly grants: Grants;
  readonly hasher: PasswordHasher;
  readonly tokens: { readonly access: AccessTokens; readonly refresh: RefreshTokens };
  readonly standings: SessionStandings;
  readonly clock: Clock;
  readonly ids: Ids;
};
