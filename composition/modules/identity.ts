import { ContainerModule } from 'inversify';
import { BcryptPasswordHasher, type Pepper } from '#adapters/bcrypt/password-hasher.ts';
import { identityRoutes } from '#adapters/http/identity/routes.ts';
import { JoseAccessTokens } from '#adapters/jose/access-tokens.ts';
import { phoneNumbers } from '#adapters/libphonenumber/phone-numbers.ts';
import { memoryAttemptCounters } from '#adapters/memory/identity/attempts.ts';
import { memoryExternalIdentities } from '#adapters/memory/identity/external.ts';
import {
  memoryAccounts,
  memoryIdentityQueries,
  memoryOneTimeTokens,
  memorySecondFactors,
  memorySessions,
} from '#adapters/memory/identity/identity.ts';
import { memoryPasskeys } from '#adapters/memory/identity/passkeys.ts';
import { MemorySessionStandings } from '#adapters/memory/identity/session-standings.ts';
import { memoryEmails } from '#adapters/memory/notifications/email/emails.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { otpauthTotp } from '#adapters/otpauth/totp.ts';
import { postgresAccounts } from '#adapters/postgres/identity/accounts.ts';
import { postgresAttemptCounters } from '#adapters/postgres/identity/attempts.ts';
import { postgresExternalIdentities } from '#adapters/postgres/identity/external-identities.ts';
import { IDENTITY_ROWS } from '#adapters/postgres/identity/identity.rows.ts';
import { postgresPasskeys } from '#adapters/postgres/identity/passkeys.ts';
import { postgresIdentityQueries } from '#adapters/postgres/identity/queries.ts';
import { postgresSecondFactors } from '#adapters/postgres/identity/second-factors.ts';
import { postgresSessions } from '#adapters/postgres/identity/sessions.ts';
import { postgresOneTimeTokens } from '#adapters/postgres/identity/tokens.ts';
import { postgresEmails } from '#adapters/postgres/notifications/email/emails.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { pwnedPasswords } from '#adapters/pwned-passwords/breached-passwords.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisSessionStandings } from '#adapters/redis/identity/session-standings.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { securityEvents } from '#adapters/shared/security-events.ts';
import { hmacDeviceTokens } from '#adapters/system/device-tokens.ts';
import { invitationSecrets } from '#adapters/system/invitation-secrets.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { oneTimeSecrets } from '#adapters/system/one-time-secrets.ts';
import { hmacRefreshTokens } from '#adapters/system/refresh-tokens.ts';
import { aesVault } from '#adapters/system/vault.ts';
import { webAuthnPasskeys } from '#adapters/webauthn/passkeys.ts';
import { isCommonPassword } from '#adapters/zxcvbn/common-passwords.ts';
import { forgetThePast } from '#application/identity/forget-the-past.ts';
import { createIdentity, type Identity as UseCases } from '#application/identity/module.ts';
import type {
  AccessTokens,
  AttemptCounters,
  BreachedPasswords,
  Grants,
  IdentityDeps,
  IdentityQueries,
  IdentityTx,
  PasswordHasher,
  RefreshTokens,
  Security,
  SessionStandings,
} from '#application/identity/ports.ts';
import { mailLink } from '#application/identity/tokens/mail-link.ts';
import { mailWithin } from '#application/notifications/email/mail-within.ts';
import type { QueueDeps } from '#application/notifications/email/ports.ts';
import { presented } from '#application/partners/invitations/accept-within.ts';
import type { Letters, PartnersQueries, People } from '#application/partners/ports.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { AttemptPolicy } from '#domain/identity/attempts.ts';
import type { Config } from '../config.ts';
import { invitationsWithin, memoryStaffing, postgresStaffing } from '../staffing.ts';
import { token } from '../token.ts';
import { type Module, maybe } from './module.ts';
import { Notifications } from './notifications.ts';
import { Partners } from './partners.ts';
import { Platform, type Secrets } from './platform.ts';

export const Identity = {
  useCases: token<UseCases>('identity'),
  uow: token<UnitOfWork<IdentityTx>>('identity.uow'),
  queries: token<IdentityQueries>('identity.queries'),
  grants: token<Grants>('identity.grants'),
  hasher: token<PasswordHasher>('identity.hasher'),
  /** For secrets of chance, which take fewer rounds. */
  codeHasher: token<PasswordHasher>('identity.code-hasher'),
  attempts: token<AttemptCounters>('identity.attempts'),
  breached: token<BreachedPasswords>('identity.breached'),
  security: token<Security>('identity.security'),
  accessTokens: token<AccessTokens>('identity.access-tokens'),
  refreshTokens: token<RefreshTokens>('identity.refresh-tokens'),
  standings: token<SessionStandings>('identity.standings'),
};

const CODE_COST_MAX = 10;

function hasherOf(secrets: Secrets, cost: number): BcryptPasswordHasher {
  const [current, ...older] = deriveKeys(secrets, 'pepper').all.map(({ kid, bytes }) => ({
    kid,
    secret: Buffer.from(bytes).toString('base64url'),
  })) as [Pepper, ...Pepper[]];
  return new BcryptPasswordHasher({ peppers: [current, ...older], cost });
}

const breachedOf = ({ breachCheckUrl: baseUrl }: Config, log: Log): BreachedPasswords =>
  baseUrl === undefined
    ? { find: async () => 'unknown' }
    : pwnedPasswords({ baseUrl, onUnknown: (reason) => log.warn('nobody could say whether a password was stolen', { reason }) });

const securityOf = (
  { identity, country, passkeys }: Config,
  secrets: Secrets,
  attempts: AttemptCounters,
  passwords: PasswordHasher,
  codes: PasswordHasher,
  breached: BreachedPasswords,
  queries: PartnersQueries,
  letters: Letters,
): Security => ({
  policy: identity,
  attempts,
  hashers: { passwords, codes },
  secrets: oneTimeSecrets(deriveKeys(secrets, 'fingerprint')),
  vault: aesVault(deriveKeys(secrets, 'totp')),
  proofs: { totp: otpauthTotp, passkeys: webAuthnPasskeys(passkeys), devices: hmacDeviceTokens(deriveKeys(secrets, 'device')) },
  knowledge: { phoneNumber: phoneNumbers(country), isCommonPassword, breached },
  invited: presented({ queries, letters }),
});

const HOUR_MS = 3_600_000;
/** Invitations that one address gets, from all restaurants together. */
const LETTERS_AN_HOUR: AttemptPolicy = { max: 5, windowMs: HOUR_MS, lockMs: [] };

/** How partners' invitations leave: with identity's secrets, and counted by its counters. */
function lettersOf({ identity }: Config, secrets: Secrets, attempts: AttemptCounters): Letters {
  const keys = deriveKeys(secrets, 'fingerprint');
  const { fingerprint } = oneTimeSecrets(keys);
  return {
    secrets: invitationSecrets(keys),
    hours: identity.invitationHours,
    link: (text) => mailLink(identity, true, 'invitation', text),
    take: (email, at) => attempts.take([{ key: fingerprint('invitation', email), policy: LETTERS_AN_HOUR }], at),
  };
}

export const identity: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Identity.useCases)
      .toResolvedValue(
        (
          uow: IdentityDeps['uow'],
          queries: IdentityQueries,
          grants: Grants,
          access: AccessTokens,
          refresh: RefreshTokens,
          standings: SessionStandings,
          clock: Clock,
          ids: Ids,
          security: Security,
        ) => createIdentity({ uow, queries, grants, tokens: { access, refresh }, standings, clock, ids, security }),
        [
          Identity.uow,
          Identity.queries,
          Identity.grants,
          Identity.accessTokens,
          Identity.refreshTokens,
          Identity.standings,
          Platform.clock,
          Platform.ids,
          Identity.security,
        ],
      )
      .inSingletonScope();
    bind(Identity.hasher)
      .toResolvedValue(({ bcryptCost }: Config, secrets: Secrets) => hasherOf(secrets, bcryptCost), [Platform.config, Platform.secrets])
      .inSingletonScope()
      .onDeactivation((hasher) => void hasher.close());
    bind(Identity.codeHasher)
      .toResolvedValue(
        ({ bcryptCost }: Config, secrets: Secrets) => hasherOf(secrets, Math.min(bcryptCost, CODE_COST_MAX)),
        [Platform.config, Platform.secrets],
      )
      .inSingletonScope()
      .onDeactivation((hasher) => void hasher.close());
    bind(Identity.breached).toResolvedValue(breachedOf, [Platform.config, Platform.log]).inSingletonScope();
    bind(Identity.security)
      .toResolvedValue(securityOf, [
        Platform.config,
        Platform.secrets,
        Identity.attempts,
        Identity.hasher,
        Identity.codeHasher,
        Identity.breached,
        Partners.queries,
        Partners.letters,
      ])
      .inSingletonScope();
    bind(Identity.accessTokens)
      .toResolvedValue(
        ({ tokens }: Config, secrets: Secrets, clock: Clock) =>
          new JoseAccessTokens({ ...tokens, keys: deriveKeys(secrets, 'jwt'), now: () => clock.now() }),
        [Platform.config, Platform.secrets, Platform.clock],
      )
      .inSingletonScope();
    bind(Identity.refreshTokens)
      .toResolvedValue((secrets: Secrets) => hmacRefreshTokens(deriveKeys(secrets, 'refresh')), [Platform.secrets])
      .inSingletonScope();
    bind(Identity.standings)
      .toResolvedValue(
        (committed: CommitSignal, clock: Clock, redis: RedisConnection | undefined): SessionStandings =>
          redis ? new RedisSessionStandings(redis, committed, () => clock.now()) : new MemorySessionStandings(committed, () => clock.now()),
        [Platform.committed, Platform.clock, maybe(Platform.redis)],
      )
      .inSingletonScope();
    // Partners answers what identity asks and the other way round; the queries of partners need nobody, so this is no circle.
    bind(Identity.grants)
      .toResolvedValue(({ rolesOf }: PartnersQueries): Grants => ({ rolesOf }), [Partners.queries])
      .inSingletonScope();
    bind(Partners.letters).toResolvedValue(lettersOf, [Platform.config, Platform.secrets, Identity.attempts]).inSingletonScope();
    bind(Partners.people)
      .toResolvedValue(({ findPerson, accountById }: UseCases): People => ({ find: findPerson, byId: accountById }), [Identity.useCases])
      .inSingletonScope();
    bind(Platform.routes)
      .toResolvedValue(
        (useCases: UseCases, config: Config) => identityRoutes(useCases, config.identity.requireVerifiedEmail),
        [Identity.useCases, Platform.config],
      )
      .inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue(
        (uow: IdentityDeps['uow'], clock: Clock, security: Security) => forgetThePast({ uow, clock, security }),
        [Identity.uow, Platform.clock, Identity.security],
      )
      .inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Identity.uow)
      .toResolvedValue(
        (platform: PostgresPlatform, queueing: QueueDeps) =>
          postgresUnitOfWork(platform, (tx) => ({
            accounts: postgresAccounts(tx),
            sessions: postgresSessions(tx),
            tokens: postgresOneTimeTokens(tx),
            secondFactors: postgresSecondFactors(tx),
            passkeys: postgresPasskeys(tx),
            externalIdentities: postgresExternalIdentities(tx),
            security: securityEvents(tx.append, platform.ids),
            mails: mailWithin(postgresEmails(tx), queueing),
            invitations: invitationsWithin(postgresStaffing(tx)),
          })),
        [Platform.postgres, Notifications.queueing],
      )
      .inSingletonScope();
    bind(Identity.queries).toResolvedValue(postgresIdentityQueries, [Platform.sql]).inSingletonScope();
    bind(Identity.attempts).toResolvedValue(postgresAttemptCounters, [Platform.postgres]).inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Identity.uow)
      .toResolvedValue(
        (platform: MemoryPlatform, queueing: QueueDeps) =>
          memoryUnitOfWork(platform, (tx) => ({
            accounts: memoryAccounts(tx),
            sessions: memorySessions(tx),
            tokens: memoryOneTimeTokens(tx),
            secondFactors: memorySecondFactors(tx),
            passkeys: memoryPasskeys(tx),
            externalIdentities: memoryExternalIdentities(tx),
            security: securityEvents((stream, events) => tx.append(stream, events), platform.ids),
            mails: mailWithin(memoryEmails(tx), queueing),
            invitations: invitationsWithin(memoryStaffing(tx)),
          })),
        [Platform.memory, Notifications.queueing],
      )
      .inSingletonScope();
    bind(Identity.queries).toResolvedValue(memoryIdentityQueries, [Platform.store]).inSingletonScope();
    bind(Identity.attempts).toResolvedValue(memoryAttemptCounters, [Platform.store]).inSingletonScope();
  }),

  rows: IDENTITY_ROWS,
};
