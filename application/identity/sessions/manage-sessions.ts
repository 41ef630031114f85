import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { Session } from '#domain/identity/session.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps } from '../ports.ts';
import { mailTo } from '../tokens/mail-link.ts';
import { endSessions } from './end-sessions.ts';

export type OwnSession = { readonly session: Session; readonly isCurrent: boolean };
type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'clock'>;

/** Where the actor is signed in, the newest first. */
export const listSessions =
  ({ queries, clock }: Pick<Deps, 'queries' | 'clock'>) =>
  async (actor: Actor): Promise<Result<readonly OwnSession[], never>> => {
    if (actor.kind !== 'account') return ok([]);
    const sessions = await queries.sessions(actor.accountId);
    return ok(
      sessions.filter((session) => Session.isAlive(session, clock.now())).map((session) => ({ session, isCurrent: session.id === actor.sessionId })),
    );
  };

/** Ends one of the actor's own sessions; another's does not exist. */
export const endSession =
  ({ uow, clock }: Pick<Deps, 'uow' | 'clock'>) =>
  ({ sessionId }: { readonly sessionId: string }, actor: Actor): Promise<Result<undefined, IdentityErrorOf<'identity.session_not_found'>>> =>
    uow.run(actor, async (tx): Promise<Result<undefined, IdentityErrorOf<'identity.session_not_found'>>> => {
      const session = await tx.sessions.find(sessionId);
      if (actor.kind !== 'account' || session?.accountId !== actor.accountId) return err({ code: 'identity.session_not_found', sessionId });
      const revoked = Session.revoke(session, 'ended_by_owner', clock.now());
      if (!revoked.ok) return err({ code: 'identity.session_not_found', sessionId });
      await tx.sessions.save(revoked.value);
      return ok(undefined);
    });

/** Ends all of the actor's sessions, this one included. */
export const endAllSessions =
  ({ uow, clock }: Pick<Deps, 'uow' | 'clock'>) =>
  (actor: Actor): Promise<Result<undefined, never>> =>
    uow.run(actor, async (tx) => {
      if (actor.kind === 'account') await endSessions(tx, actor.accountId, 'ended_by_owner', clock.now());
      return ok(undefined);
    });

/** Ends all sessions of somebody else's account, for who operates the platform; how many. Its owner is told. */
export const endSessionsOf =
  ({ uow, clock, ids }: Pick<IdentityDeps, 'uow' | 'clock' | 'ids'>) =>
  async (
    { accountId }: { readonly accountId: string },
    actor: Actor,
  ): Promise<Result<{ readonly ended: number }, IdentityErrorOf<'identity.account_not_found'>>> => {
    const [at, mailId] = [clock.now(), ids.next()];
    return uow.run(actor, async (tx) => {
      const account = await tx.accounts.lock(accountId);
      if (!account) return err({ code: 'identity.account_not_found' });
      const ended = await endSessions(tx, accountId, 'ended_by_operator', at);
      const what = 'You were signed out everywhere by the people who run this service.';
      if (ended > 0) await tx.mails.enqueue(mailTo(account, `sessions-ended:${mailId}`, 'security_notice', { what }));
      return ok({ ended });
    });
  };
