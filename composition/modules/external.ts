import { ContainerModule } from 'inversify';
import { externalLinkRoutes } from '#adapters/http/identity/external-link-routes.ts';
import { externalRoutes } from '#adapters/http/identity/external-routes.ts';
import { memoryNotes } from '#adapters/memory/identity/external.ts';
import { facebookProvider } from '#adapters/oauth/facebook.ts';
import { githubProvider } from '#adapters/oauth/github.ts';
import { openIdProvider } from '#adapters/oauth/openid.ts';
import { postgresNotes } from '#adapters/postgres/identity/notes.ts';
import { forgetNotes } from '#application/identity/external/forget-notes.ts';
import { createExternal, type External as UseCases } from '#application/identity/external/module.ts';
import type { ExternalDeps, ExternalProvider, Notes } from '#application/identity/external/ports.ts';
import type { AccessTokens, Grants, IdentityDeps, IdentityQueries, RefreshTokens, Security } from '#application/identity/ports.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { Identity } from './identity.ts';
import type { Module } from './module.ts';
import { Platform } from './platform.ts';

/** A part of identity with wiring of its own: signing in through other providers. */
export const External = {
  useCases: token<UseCases>('external'),
  providers: token<readonly ExternalProvider[]>('external.providers'),
  notes: token<Notes>('external.notes'),
  surroundings: token<ExternalDeps['external']>('external.surroundings'),
};

const providersOf = ({ external: { google, github, facebook } }: Config, clock: Clock): readonly ExternalProvider[] => [
  ...(google ? [openIdProvider({ ...google, name: 'google', title: 'Google' }, () => clock.now())] : []),
  ...(github ? [githubProvider(github)] : []),
  ...(facebook ? [facebookProvider(facebook)] : []),
];

export const external: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(External.providers).toResolvedValue(providersOf, [Platform.config, Platform.clock]).inSingletonScope();
    bind(External.surroundings)
      .toResolvedValue(
        (providers: readonly ExternalProvider[], notes: Notes, { publicUrl }: Config, log: Log): ExternalDeps['external'] => ({
          providers,
          notes,
          publicUrl: publicUrl.replace(/\/$/, ''),
          report: (provider, outcome, reason) => log.warn('a provider’s answer was not taken', { provider, outcome, reason }),
        }),
        [External.providers, External.notes, Platform.config, Platform.log],
      )
      .inSingletonScope();
    bind(External.useCases)
      .toResolvedValue(
        (
          uow: IdentityDeps['uow'],
          queries: IdentityQueries,
          grants: Grants,
          access: AccessTokens,
          refresh: RefreshTokens,
          clock: Clock,
          ids: Ids,
          security: Security,
          surroundings: ExternalDeps['external'],
        ) => createExternal({ uow, queries, grants, tokens: { access, refresh }, clock, ids, security, external: surroundings }),
        [
          Identity.uow,
          Identity.queries,
          Identity.grants,
          Identity.accessTokens,
          Identity.refreshTokens,
          Platform.clock,
          Platform.ids,
          Identity.security,
          External.surroundings,
        ],
      )
      .inSingletonScope();
    bind(Platform.routes)
      .toResolvedValue(
        (useCases: UseCases, { publicUrl }: Config) => [...externalRoutes(useCases, publicUrl), ...externalLinkRoutes(useCases)],
        [External.useCases, Platform.config],
      )
      .inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue(
        (surroundings: ExternalDeps['external'], clock: Clock) => forgetNotes({ external: surroundings, clock }),
        [External.surroundings, Platform.clock],
      )
      .inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(External.notes).toResolvedValue(postgresNotes, [Platform.sql]).inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(External.notes).toResolvedValue(memoryNotes, [Platform.store]).inSingletonScope();
  }),

  rows: [],
};
