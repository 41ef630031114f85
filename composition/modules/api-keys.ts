import { ContainerModule } from 'inversify';
import { isWithin } from '#adapters/http/client-address.ts';
import { apiKeyRoutes } from '#adapters/http/identity/api-key-routes.ts';
import { memoryApiKeyQueries, memoryApiKeys } from '#adapters/memory/identity/api-keys.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { ApiKeyRow } from '#adapters/postgres/identity/api-key.rows.ts';
import { postgresApiKeyQueries, postgresApiKeys } from '#adapters/postgres/identity/api-keys.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { hmacApiKeySecrets } from '#adapters/system/api-key-secrets.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import type { ApiKeyDeps, ApiKeyQueries, ApiKeyTx } from '#application/identity/api-key-ports.ts';
import { type ApiKeyUseCases, createApiKeys } from '#application/identity/api-keys.ts';
import type { Grants, IdentityQueries } from '#application/identity/ports.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { token } from '../token.ts';
import { Identity } from './identity.ts';
import type { Module } from './module.ts';
import { Platform, type Secrets } from './platform.ts';

/** A part of identity with wiring of its own. */
export const ApiKeys = {
  useCases: token<ApiKeyUseCases>('api-keys'),
  uow: token<UnitOfWork<ApiKeyTx>>('api-keys.uow'),
  queries: token<ApiKeyQueries>('api-keys.queries'),
};

export const apiKeys: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(ApiKeys.useCases)
      .toResolvedValue(
        (uow: ApiKeyDeps['uow'], queries: ApiKeyQueries, accounts: IdentityQueries, grants: Grants, secrets: Secrets, clock: Clock, ids: Ids) =>
          createApiKeys({ uow, queries, accounts, grants, secrets: hmacApiKeySecrets(deriveKeys(secrets, 'api-key')), isWithin, clock, ids }),
        [ApiKeys.uow, ApiKeys.queries, Identity.queries, Identity.grants, Platform.secrets, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(apiKeyRoutes, [ApiKeys.useCases]).inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(ApiKeys.uow)
      .toResolvedValue((platform: PostgresPlatform) => postgresUnitOfWork(platform, (tx) => ({ apiKeys: postgresApiKeys(tx) })), [Platform.postgres])
      .inSingletonScope();
    bind(ApiKeys.queries).toResolvedValue(postgresApiKeyQueries, [Platform.sql]).inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(ApiKeys.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, (tx) => ({ apiKeys: memoryApiKeys(tx) })), [Platform.memory])
      .inSingletonScope();
    bind(ApiKeys.queries).toResolvedValue(memoryApiKeyQueries, [Platform.store]).inSingletonScope();
  }),

  rows: [ApiKeyRow],
};
