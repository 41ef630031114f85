import { Session } from '#domain/identity/session.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps } from '../ports.ts';

/** Ends the session the actor came with, its access and refresh tokens included. Twice is once. */
export const signOut =
  ({ uow, clock }: Pick<IdentityDeps, 'uow' | 'clock'>) =>
  async (actor: Actor): Promise<Result<undefined, never>> => {
    if (actor.kind !== 'account') return ok(undefined);
    return uow.run(actor, async (tx) => {
      const session = await tx.sessions.find(actor.sessionId);
      const revoked = session && Session.revoke(session, 'signed_out', clock.now());
      if (revoked?.ok) await tx.sessions.save(revoked.value);
      return ok(undefined);
    });
  };
