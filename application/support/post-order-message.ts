import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { SupportErrorOf } from '#domain/support/errors.ts';
import type { Message, ThreadSubject } from '#domain/support/thread.ts';
import type { OrderFacts, SupportDeps } from './ports.ts';
import { say } from './say.ts';
import { seatAtOrder } from './seat.ts';

export type PostOrderMessage = { readonly orderId: string; readonly text: string; readonly clientId: string | null };
type Refusal = SupportErrorOf<'support.order_not_found' | 'support.conversation_over'>;

/** How long people may still talk about an order that is over. */
const AFTER_MS = 7 * 24 * 60 * 60_000;

/** Writes to whoever has to do with an order. The same `clientId` of the same person says it once. */
export const postOrderMessage =
  (deps: Pick<SupportDeps, 'uow' | 'facts' | 'clock' | 'ids'>) =>
  async ({ orderId, text, clientId }: PostOrderMessage, actor: Actor): Promise<Result<Message, Refusal>> => {
    const { uow, clock, ids } = deps;
    const seat = await seatAtOrder(deps, orderId, actor);
    if (!seat.ok) return seat;
    const { order, speaker } = seat.value;
    const [threadId, messageId, at] = [ids.next(), ids.next(), clock.now()];
    const endedAt = endOf(order);
    const subject: ThreadSubject = { kind: 'order', id: orderId };

    return uow.run(actor, async ({ threads }) => {
      const thread = await threads.lock(subject);
      const said = thread && clientId !== null ? await threads.said(thread.id, speaker.accountId, clientId) : undefined;
      if (said) return ok(said);
      if (at >= endedAt) return err({ code: 'support.conversation_over', orderId, endedAt });
      const { restaurantId, customerId } = order;
      const words = { id: messageId, text, isInternal: false, clientId };
      return ok(await say(threads, { thread, opening: { id: threadId, restaurantId, subject, customerId }, speaker, words, at }));
    });
  };

const endOf = ({ isOver, dueAt }: OrderFacts): number => (isOver ? dueAt + AFTER_MS : Number.POSITIVE_INFINITY);
