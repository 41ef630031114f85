import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { CannedReply, type CannedReplyFacts } from '#domain/support/canned-reply.ts';
import type { SupportErrorOf } from '#domain/support/errors.ts';
import type { SupportDeps } from './ports.ts';

type Deps = Pick<SupportDeps, 'uow' | 'clock' | 'ids'>;
/** Null: of the platform. Whether the actor may is asked where the restaurant is named. */
type Place = { readonly restaurantId: string | null };
type Gone = SupportErrorOf<'support.canned_reply_not_found'>;

export type WriteCannedReply = Place & { readonly reply: CannedReplyFacts };
export type RewriteCannedReply = WriteCannedReply & { readonly cannedReplyId: string; readonly expectedVersion: number | undefined };
export type RemoveCannedReply = Place & { readonly cannedReplyId: string };

export const writeCannedReply =
  ({ uow, clock, ids }: Deps) =>
  async (
    { restaurantId, reply }: WriteCannedReply,
    actor: Actor,
  ): Promise<Result<CannedReply, SupportErrorOf<'support.too_many_canned_replies'>>> => {
    const [id, at] = [ids.next(), clock.now()];
    return uow.run(actor, async ({ cannedReplies }) => {
      const written = CannedReply.write(id, restaurantId, reply, await cannedReplies.lockKept(restaurantId), at);
      if (!written.ok) return written;
      await cannedReplies.save(written.value);
      return ok({ ...written.value.state, version: written.value.events.length });
    });
  };

export const rewriteCannedReply =
  ({ uow, clock }: Deps) =>
  async (
    { restaurantId, cannedReplyId, reply, expectedVersion }: RewriteCannedReply,
    actor: Actor,
  ): Promise<Result<CannedReply, Gone | SupportErrorOf<'support.changed_meanwhile'>>> => {
    const at = clock.now();
    return uow.run(actor, async ({ cannedReplies }) => {
      const found = await cannedReplies.find(cannedReplyId);
      if (found?.restaurantId !== restaurantId) return err({ code: 'support.canned_reply_not_found', cannedReplyId });
      const rewritten = CannedReply.rewrite(found, reply, expectedVersion, at);
      if (!rewritten.ok) return rewritten;
      await cannedReplies.save(rewritten.value);
      return ok({ ...rewritten.value.state, version: found.version + 1 });
    });
  };

export const removeCannedReply =
  ({ uow, clock }: Deps) =>
  async ({ restaurantId, cannedReplyId }: RemoveCannedReply, actor: Actor): Promise<Result<undefined, Gone>> => {
    const at = clock.now();
    return uow.run(actor, async ({ cannedReplies }) => {
      const found = await cannedReplies.find(cannedReplyId);
      if (found?.restaurantId !== restaurantId) return err({ code: 'support.canned_reply_not_found', cannedReplyId });
      const removed = CannedReply.remove(found, at);
      if (!removed.ok) return removed;
      await cannedReplies.save(removed.value);
      return ok(undefined);
    });
  };
