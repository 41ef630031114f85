import type { InboxErrorOf } from '#domain/notifications/inbox/errors.ts';
import { Notice } from '#domain/notifications/inbox/notice.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { personOf } from './person.ts';
import type { InboxDeps } from './ports.ts';

/** In one transaction; who has more asks again. */
const BATCH = 500;

type Deps = Pick<InboxDeps, 'uow' | 'clock'>;
type NotFound = InboxErrorOf<'notifications.notice_not_found'>;

/** Remembers that somebody has read one of their notices. */
export const readNotice =
  ({ uow, clock }: Deps) =>
  ({ noticeId }: { readonly noticeId: string }, actor: Actor): Promise<Result<undefined, NotFound>> =>
    uow.run(actor, async ({ notices }) => {
      const notice = await notices.lock(noticeId);
      if (notice?.accountId !== personOf(actor)) return err({ code: 'notifications.notice_not_found', noticeId });
      const read = Notice.read(notice, clock.now());
      if (read) await notices.save([read]);
      return ok(undefined);
    });

/** The same for all up to one of them; how many that were, at most 500 at a time. */
export const readNotices =
  ({ uow, clock }: Deps) =>
  ({ upTo }: { readonly upTo: string }, actor: Actor): Promise<Result<number, never>> =>
    uow.run(actor, async ({ notices }) => {
      const at = clock.now();
      const read = (await notices.lockUnread(personOf(actor), upTo, BATCH)).flatMap((notice) => Notice.read(notice, at) ?? []);
      await notices.save(read);
      return ok(read.length);
    });
