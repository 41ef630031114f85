import type { Change } from '../shared/change.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { SupportErrorOf } from './errors.ts';
import type { CannedReplyEvent } from './events.ts';

export type CannedReplyFacts = { readonly title: string; readonly text: string };

/** What is answered again and again. Null for the restaurant: of the platform. */
export type CannedReply = CannedReplyFacts & {
  readonly id: string;
  readonly restaurantId: string | null;
  readonly isRemoved: boolean;
  readonly version: number;
};

/** How many one restaurant keeps. */
export const CANNED_REPLIES_MAX = 100;

type Changed = Change<CannedReply, CannedReplyEvent>;
type Gone = SupportErrorOf<'support.canned_reply_not_found'>;

/** A new one; `kept` is how many there are. */
function write(
  id: string,
  restaurantId: string | null,
  { title, text }: CannedReplyFacts,
  kept: number,
  at: number,
): Result<Changed, SupportErrorOf<'support.too_many_canned_replies'>> {
  if (kept >= CANNED_REPLIES_MAX) return err({ code: 'support.too_many_canned_replies', limit: CANNED_REPLIES_MAX });
  return ok(written({ id, restaurantId, title, text, isRemoved: false, version: 0 }, at));
}

/** Other words for the same thing; `expected` is the version that whoever changes it has seen, if they care. */
function rewrite(
  reply: CannedReply,
  { title, text }: CannedReplyFacts,
  expected: number | undefined,
  at: number,
): Result<Changed, Gone | SupportErrorOf<'support.changed_meanwhile'>> {
  if (reply.isRemoved) return err({ code: 'support.canned_reply_not_found', cannedReplyId: reply.id });
  if (expected !== undefined && expected !== reply.version) return err({ code: 'support.changed_meanwhile', version: reply.version });
  return ok(written({ ...reply, title, text }, at));
}

function remove(reply: CannedReply, at: number): Result<Changed, Gone> {
  const { id: cannedReplyId, restaurantId } = reply;
  if (reply.isRemoved) return err({ code: 'support.canned_reply_not_found', cannedReplyId });
  return ok({ state: { ...reply, isRemoved: true }, events: [{ type: 'support.canned_reply_removed', cannedReplyId, restaurantId, at }] });
}

function written(state: CannedReply, at: number): Changed {
  const { id: cannedReplyId, restaurantId, title, text } = state;
  return { state, events: [{ type: 'support.canned_reply_written', cannedReplyId, restaurantId, reply: { title, text }, at }] };
}

const PLACEHOLDERS = ['customer', 'order'] as const;
export type Placeholders = { readonly [Name in (typeof PLACEHOLDERS)[number]]: string };

/** Puts `{customer}` and `{order}` in; whatever else stands in braces stays as it is. */
const fill = (text: string, facts: Placeholders): string => text.replaceAll(/\{(customer|order)\}/g, (_, name: keyof Placeholders) => facts[name]);

export const CannedReply = { write, rewrite, remove, fill };
