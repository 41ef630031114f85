import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { type Rotation, Session } from '#domain/identity/session.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps } from '../ports.ts';
import { holdsRoles } from '../standing.ts';
import { type TokenPair, tokenPair } from './token-pair.ts';

export type RefreshSession = { readonly refreshToken: string };

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'tokens' | 'clock'>;
type Refusal = IdentityErrorOf<'identity.refresh_token_invalid' | 'identity.refresh_token_reused' | 'identity.session_expired'>;

const INVALID = err({ code: 'identity.refresh_token_invalid' });

/** Gives the successor of a refresh token, the same to everyone who asks within the grace; a token that is older still ends the session. */
export const refreshSession =
  ({ uow, queries, grants, tokens, clock }: Deps) =>
  async ({ refreshToken }: RefreshSession, actor: Actor): Promise<Result<TokenPair, Refusal>> => {
    const claimed = tokens.refresh.read(refreshToken);
    const found = claimed && (await queries.session(claimed.sessionId));
    // A forged token must not even revoke: only a genuine one says anything about the session.
    if (!found || !tokens.refresh.isGenuine(refreshToken, found.session) || !Account.isActive(found.account)) return INVALID;
    const standing = { holdsRoles: holdsRoles(found.account, await grants.rolesOf(found.account.id)) };
    const at = clock.now();

    const turned = await uow.run(actor, async (tx) => {
      const session = await tx.sessions.find(claimed.sessionId);
      if (!session) return INVALID;
      const rotation = Session.rotate(session, claimed.rotation, standing, at);
      if ('change' in rotation) await tx.sessions.save(rotation.change);
      return ok(rotation); // Not an err even when it refuses: that would roll the revocation back.
    });
    if (!turned.ok) return turned;
    const live = liveSession(turned.value);
    return live.ok ? ok(await tokenPair(tokens, live.value, at)) : live;
  };

function liveSession(rotation: Rotation): Result<Session, Refusal> {
  switch (rotation.outcome) {
    case 'rotated':
      return ok(rotation.change.state);
    case 'repeated':
      return ok(rotation.session);
    case 'reused':
      return err({ code: 'identity.refresh_token_reused' });
    case 'expired':
      return err({ code: 'identity.session_expired' });
    case 'ended':
      return INVALID;
  }
}
