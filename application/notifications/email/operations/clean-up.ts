import type { Actor } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import type { EmailDeps } from '../ports.ts';

/** How many are dropped in one request. */
export const CLEAN_UP_MAX = 10_000;

/** Drops mail that ended before; how many, and whether there are more. */
export const cleanUp =
  ({ uow, clock, ids }: Pick<EmailDeps, 'uow' | 'clock' | 'ids'>) =>
  async (
    { endedBefore }: { readonly endedBefore: number },
    actor: Actor,
  ): Promise<Result<{ readonly forgotten: number; readonly hasMore: boolean }, never>> => {
    const id = ids.next();
    return uow.run(actor, async ({ emails, journal }) => {
      const forgotten = await emails.forget(endedBefore, CLEAN_UP_MAX);
      if (forgotten > 0) journal.note(id, { type: 'notifications.emails_forgotten', count: forgotten, endedBefore, at: clock.now() });
      return ok({ forgotten, hasMore: forgotten === CLEAN_UP_MAX });
    });
  };
