import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Account } from '#domain/identity/account.ts';
import type { AttemptPolicy } from '#domain/identity/attempts.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import type {
  AccountEvent,
  ExternalIdentityEvent,
  FactorEvent,
  PasskeyEvent,
  SecurityEvent,
  SessionEvent,
  TokenEvent,
} from '#domain/identity/events.ts';
import type { ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import type { OneTimeToken, TokenPurpose } from '#domain/identity/one-time-token.ts';
import type { Passkey } from '#domain/identity/passkey.ts';
import type { PhoneNumber } from '#domain/identity/phone-number.ts';
import type { SecondFactor } from '#domain/identity/second-factor.ts';
import type { Session } from '#domain/identity/session.ts';
import type { Username } from '#domain/identity/username.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Change } from '#domain/shared/change.ts';
import type { Result } from '#domain/shared/result.ts';
import type { IdentityPolicy } from './policy.ts';

export type Accounts = {
  /** The active accounts that may operate the platform, each locked until the transaction ends. */
  lockAdmins(): Promise<readonly string[]>;
  /** The account as it is now; nobody else writes it until the transaction ends. */
  lock(accountId: string): Promise<Account | undefined>;
  /** Writes the state and its events, or throws WriteConflict. After what is taken the transaction can only be refused. */
  save(change: Change<Account, AccountEvent>): Promise<'saved' | Taken>;
};
/** What another account has already. */
export type Taken = 'email_taken' | 'phone_taken' | 'username_taken';

export type Sessions = {
  find(sessionId: string): Promise<Session | undefined>;
  /** The sessions of an account that have not ended. */
  activeOf(accountId: string): Promise<readonly Session[]>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Session, SessionEvent>): Promise<void>;
  /** Drops those whose time was up before, whatever became of them; how many. The log keeps what became of them. */
  forget(overBefore: number): Promise<number>;
};

export type OneTimeTokens = {
  /** The token as it is now; nobody else redeems it until the transaction ends. */
  lock(selector: string): Promise<OneTimeToken | undefined>;
  /** Those of an account that can still be redeemed. */
  issuedTo(accountId: string): Promise<readonly OneTimeToken[]>;
  save(change: Change<OneTimeToken, TokenEvent>): Promise<void>;
  /** Drops those that expired before, whatever became of them; how many. The log keeps what became of them. */
  forget(expiredBefore: number): Promise<number>;
};

export type SecondFactors = {
  /** The factor as it is now; nobody else uses it until the transaction ends. */
  lock(accountId: string): Promise<SecondFactor | undefined>;
  save(change: Change<SecondFactor, FactorEvent>): Promise<void>;
};

export type Passkeys = {
  /** An account's passkeys; nobody else uses one until the transaction ends, if it holds the account. */
  activeOf(accountId: string): Promise<readonly Passkey[]>;
  /** Writes the state and its events, or throws WriteConflict. After 'taken' the transaction can only be refused. */
  save(change: Change<Passkey, PasskeyEvent>): Promise<'saved' | 'taken'>;
};

export type ExternalIdentities = {
  /** The active one that is this subject of this issuer. */
  find(issuer: string, subject: string): Promise<ExternalIdentity | undefined>;
  /** An account's active ones; nobody else changes one until the transaction ends, if it holds the account. */
  activeOf(accountId: string): Promise<readonly ExternalIdentity[]>;
  /** Writes the state and its events, or throws WriteConflict. After 'taken' the transaction can only be refused. */
  save(change: Change<ExternalIdentity, ExternalIdentityEvent>): Promise<'saved' | 'taken'>;
};

/** Facts that belong to no account, or to one that nobody proved to own. */
export type SecurityEvents = { record(event: SecurityEvent): void };

/** Mail that is sent if, and only if, the transaction commits; two of one key are one. */
export type Mails = { enqueue(mail: Mail): Promise<void> };
export type Mail = {
  readonly key: string;
  readonly to: EmailAddress;
  readonly template:
    | 'verify_email'
    | 'already_registered'
    | 'reset_password'
    | 'password_changed'
    | 'confirm_new_email'
    | 'email_change_asked'
    | 'email_changed'
    | 'security_notice';
  /** What the template fills in: the name of who reads it, and what it is about. */
  readonly facts: Readonly<Record<string, string>>;
  /** From when on its link opens nothing. */
  readonly expiresAt?: number;
};

export type IdentityQueries = {
  account(accountId: string): Promise<Account | undefined>;
  /** Those that there are, in no order. */
  accounts(accountIds: readonly string[]): Promise<readonly Account[]>;
  accountByEmail(email: EmailAddress): Promise<Account | undefined>;
  accountByPhone(phone: PhoneNumber): Promise<Account | undefined>;
  accountByUsername(username: Username): Promise<Account | undefined>;
  token(selector: string): Promise<OneTimeToken | undefined>;
  secondFactor(accountId: string): Promise<SecondFactor | undefined>;
  /** The passkey a device calls so, unless it was removed. */
  passkey(credentialId: string): Promise<Passkey | undefined>;
  /** The passkeys of an account, the newest first. */
  passkeys(accountId: string): Promise<readonly Passkey[]>;
  /** Who signs in as this subject of this issuer, unless they were unlinked. */
  externalIdentity(issuer: string, subject: string): Promise<ExternalIdentity | undefined>;
  /** The external identities of an account, the newest first. */
  externalIdentities(accountId: string): Promise<readonly ExternalIdentity[]>;
  /** The sessions of an account that have not ended, the newest first. */
  sessions(accountId: string): Promise<readonly Session[]>;
  /** A session and whose it is, whatever has become of them. */
  session(sessionId: string): Promise<{ readonly session: Session; readonly account: Account } | undefined>;
};

/** What identity needs from partners: which roles an account holds in which restaurants. */
export type Grants = { rolesOf(accountId: string): Promise<readonly HeldRole[]> };
export type HeldRole = {
  readonly restaurantId: string;
  readonly role: string;
  /** Of a role that the restaurant made for itself: what it is called and what it allows. */
  readonly made?: { readonly name: string; readonly permissions: readonly string[] };
};

/** What identity needs from partners for somebody who was invited before they have an account. */
export type Invited = {
  readonly restaurantId: string;
  readonly invitationId: string;
  /** Whom it was mailed to. */
  readonly email: string;
};
export type Invitations = {
  /** Makes an account one of the staff: for whoever has the mail that asked them. */
  accept(
    invited: Invited,
    person: { readonly accountId: string; readonly displayName: string; readonly email: string },
    at: number,
  ): Promise<Result<unknown, IdentityErrorOf<'identity.invitation_refused'>>>;
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

/** Counts attempts where many may try at once: of a hundred at the same time no more are let through than there are. */
export type AttemptCounters = {
  /** Takes one of each, or none when one of them refuses. It counts at once, whatever becomes of the attempt. */
  take(limits: readonly AttemptLimit[], at: number): Promise<AttemptsTaken>;
  /** Gives back what was taken at `at`: nothing came of it. */
  giveBack(keys: readonly string[], at: number): Promise<void>;
  /** Gives everything back: the attempt was rightful. */
  clear(keys: readonly string[]): Promise<void>;
  /** Drops what nothing depends on any more; how many. */
  forget(at: number): Promise<number>;
};
export type AttemptLimit = { readonly key: string; readonly policy: AttemptPolicy };
export type AttemptsTaken = { readonly isAllowed: true; readonly remaining: number } | { readonly isAllowed: false; readonly availableAt: number };

/** Texts of chance that prove one thing once: a selector to find them by, and a verifier of which we keep a hash. */
export type OneTimeSecrets = {
  mint(purpose: TokenPurpose): { readonly selector: string; readonly verifier: string; readonly text: string };
  /** The parts of a text that was made for this purpose; undefined for any other. */
  read(text: string, purpose: TokenPurpose): { readonly selector: string; readonly verifier: string } | undefined;
  /** For verifiers, which are too random to guess. */
  digest(verifier: string): string;
  /** Takes the same time wherever they differ. */
  matches(verifier: string, digest: string): boolean;
  /** A keyed digest: equal for equal texts, and says nothing else of them. */
  fingerprint(...texts: readonly string[]): string;
  /** Codes that people copy from paper, each with its slot. */
  backupCodes(count: number): readonly { readonly slot: string; readonly code: string }[];
};

/** Proofs that a device was signed in with before. They hold until the account's password or address changes. */
export type DeviceTokens = {
  issue(account: Pick<Account, 'id' | 'credentials'>, deviceId: string): string;
  /** Which device of this account it is; undefined for any other text. */
  read(token: string, account: Pick<Account, 'id' | 'credentials'>): string | undefined;
};

/** Keeps texts unreadable to whoever has the database alone, and bound to whom they are for. */
export type Vault = { seal(text: string, owner: string): string; open(sealed: string, owner: string): string };

/** Codes that a phone computes from a secret and the time (RFC 6238). */
export type Totp = {
  newSecret(): string;
  /** What an authenticator app reads, as text and as the picture of it (a PNG in a data URL). */
  invitation(secret: string, accountName: string): Promise<{ readonly url: string; readonly qrCode: string }>;
  /** The half-minute whose code this is, at most one away from `at`. */
  stepOf(secret: string, code: string, at: number): number | undefined;
};

/** What a browser and a device do with us to make a passkey and to prove one (WebAuthn). `challenge` is what was signed; whether it was ours is the caller's to say. */
export type PasskeyCeremonies = {
  registration(account: Pick<Account, 'id' | 'email' | 'displayName'>, known: readonly string[], challenge: string): Promise<unknown>;
  registered(response: object): Promise<({ readonly challenge: string } & Pick<Passkey, 'credentialId' | 'publicKey' | 'counter'>) | undefined>;
  authentication(challenge: string): Promise<unknown>;
  credentialIdOf(response: object): string | undefined;
  proven(response: object, passkey: Passkey): Promise<{ readonly challenge: string; readonly counter: number } | undefined>;
};

/** What is known of the world: every country's telephone numbers, and the passwords that many people use or somebody stole. */
export type Knowledge = {
  phoneNumber(text: string): PhoneNumber | undefined;
  isCommonPassword(text: string): boolean;
  readonly breached: BreachedPasswords;
};

/** Passwords that were stolen somewhere. Finding one waits for nobody long and never fails: then nothing is known of it. */
export type BreachedPasswords = { find(password: string): Promise<'yes' | 'no' | 'unknown'> };

export type IdentityTx = {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly tokens: OneTimeTokens;
  readonly secondFactors: SecondFactors;
  readonly passkeys: Passkeys;
  readonly externalIdentities: ExternalIdentities;
  readonly security: SecurityEvents;
  readonly mails: Mails;
  readonly invitations: Invitations;
};
export type IdentityDeps = {
  readonly uow: UnitOfWork<IdentityTx>;
  readonly queries: IdentityQueries;
  readonly grants: Grants;
  readonly tokens: { readonly access: AccessTokens; readonly refresh: RefreshTokens };
  readonly standings: SessionStandings;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly security: Security;
};
/** What guards accounts beyond their passwords. */
export type Security = {
  readonly policy: IdentityPolicy;
  readonly attempts: AttemptCounters;
  /** For passwords, and for secrets of chance, which need fewer rounds. */
  readonly hashers: { readonly passwords: PasswordHasher; readonly codes: Pick<PasswordHasher, 'hash' | 'verify'> };
  readonly secrets: OneTimeSecrets;
  readonly vault: Vault;
  /** What is checked of what people show, besides passwords. */
  readonly proofs: { readonly totp: Totp; readonly passkeys: PasskeyCeremonies; readonly devices: DeviceTokens };
  readonly knowledge: Knowledge;
  /** Looks the text of an invitation up; undefined when we never mailed it. */
  readonly invited: (token: string) => Promise<Invited | undefined>;
};
