import type { Actor } from '#domain/shared/actor.ts';
import type { IdentityDeps } from './ports.ts';
import { standingOf } from './standing.ts';

/** Whom an access token speaks for, with what they may do right now; undefined when it proves nothing. Never throws for a bad token. */
export const authenticate = ({
  queries,
  grants,
  tokens,
  standings,
  clock,
  security,
}: Pick<IdentityDeps, 'queries' | 'grants' | 'tokens' | 'standings' | 'clock' | 'security'>) => {
  const load = standingOf({ queries, grants, clock, security });
  return async (accessToken: string): Promise<Actor | undefined> => {
    const claims = await tokens.access.verify(accessToken);
    if (!claims) return undefined;
    const standing = await standings.get(claims.sessionId, load);
    return standing?.accountId === claims.accountId ? standing : undefined;
  };
};
