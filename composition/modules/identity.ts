import { ContainerModule } from 'inversify';
import { BcryptPasswordHasher, type Pepper } from '#adapters/bcrypt/password-hasher.ts';
import { identityRoutes } from '#adapters/http/identity/routes.ts';
import { JoseAccessTokens } from '#adapters/jose/access-tokens.ts';
import { memoryAccounts, memoryIdentityQueries, memorySessions } from '#adapters/memory/identity/identity.ts';
import { MemorySessionStandings } from '#adapters/memory/identity/session-standings.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresAccounts } from '#adapters/postgres/identity/accounts.ts';
import { IDENTITY_ROWS } from '#adapters/postgres/identity/identity.rows.ts';
import { postgresIdentityQueries } from '#adapters/postgres/identity/queries.ts';
import { postgresSessions } from '#adapters/postgres/identity/sessions.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisSessionStandings } from '#adapters/redis/identity/session-standings.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { hmacRefreshTokens } from '#adapters/system/refresh-tokens.ts';
import { createIdentity, type Identity as UseCases } from '#application/identity/module.ts';
import type {
  AccessTokens,
  Grants,
  IdentityDeps,
  IdentityQueries,
  IdentityTx,
  PasswordHasher,
  RefreshTokens,
  SessionStandings,
} from '#application/identity/ports.ts';
import type { PartnersQueries, People } from '#application/partners/ports.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { type Module, maybe } from './module.ts';
import { Partners } from './partners.ts';
import { Platform, type Secrets } from './platform.ts';

export const Identity = {
  useCases: token<UseCases>('identity'),
  uow: token<UnitOfWork<IdentityTx>>('identity.uow'),
  queries: token<IdentityQueries>('identity.queries'),
  grants: token<Grants>('identity.grants'),
  hasher: token<PasswordHasher>('identity.hasher'),
  accessTokens: token<AccessTokens>('identity.access-tokens'),
  refreshTokens: token<RefreshTokens>('identity.refresh-tokens'),
  standings: token<SessionStandings>('identity.standings'),
};

export const identity: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Identity.useCases)
      .toResolvedValue(
        (
          uow: IdentityDeps['uow'],
          queries: IdentityQueries,
          grants: Grants,
          hasher: PasswordHasher,
          access: AccessTokens,
          refresh: RefreshTokens,
          standings: SessionStandings,
          clock: Clock,
          ids: Ids,
        ) => createIdentity({ uow, queries, grants, hasher, tokens: { access, refresh }, standings, clock, ids }),
        [
          Identity.uow,
          Identity.queries,
          Identity.grants,
          Identity.hasher,
          Identity.accessTokens,
          Identity.refreshTokens,
          Identity.standings,
          Platform.clock,
          Platform.ids,
        ],
      )
      .inSingletonScope();
    bind(Identity.hasher)
      .toResolvedValue(
        ({ bcryptCost }: Config, secrets: Secrets) => {
          const [current, ...older] = deriveKeys(secrets, 'pepper').all.map(({ kid, bytes }) => ({
            kid,
            secret: Buffer.from(bytes).toString('base64url'),
          })) as [Pepper, ...Pepper[]];
          return new BcryptPasswordHasher({ peppers: [current, ...older], cost: bcryptCost });
        },
        [Platform.config, Platform.secrets],
      )
      .inSingletonScope()
      .onDeactivation((hasher) => void hasher.close());
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
    bind(Partners.people)
      .toResolvedValue(({ findPerson, accountById }: UseCases): People => ({ find: findPerson, byId: accountById }), [Identity.useCases])
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(identityRoutes, [Identity.useCases]).inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Identity.uow)
      .toResolvedValue(
        (platform: PostgresPlatform) => postgresUnitOfWork(platform, (tx) => ({ accounts: postgresAccounts(tx), sessions: postgresSessions(tx) })),
        [Platform.postgres],
      )
      .inSingletonScope();
    bind(Identity.queries).toResolvedValue(postgresIdentityQueries, [Platform.sql]).inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Identity.uow)
      .toResolvedValue(
        (platform: MemoryPlatform) => memoryUnitOfWork(platform, (tx) => ({ accounts: memoryAccounts(tx), sessions: memorySessions(tx) })),
        [Platform.memory],
      )
      .inSingletonScope();
    bind(Identity.queries).toResolvedValue(memoryIdentityQueries, [Platform.store]).inSingletonScope();
  }),

  rows: IDENTITY_ROWS,
};
