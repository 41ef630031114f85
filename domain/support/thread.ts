import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { SupportErrorOf } from './errors.ts';
import type { ThreadEvent } from './events.ts';

/** What people talk about: an order while it is made and brought, or a ticket. */
export type ThreadSubject = { readonly kind: 'order' | 'ticket'; readonly id: string };
export const SUBJECT_KINDS = ['order', 'ticket'] as const satisfies readonly ThreadSubject['kind'][];

export const SIDES = ['customer', 'restaurant', 'rider', 'support'] as const;
export type Side = (typeof SIDES)[number];
export type Speaker = { readonly accountId: string; readonly side: Side };

export const MESSAGE_MAX = 4_000;
/** Who read how far is kept of so many people; of the others it is not known. */
export const READERS_MAX = 200;

export type Thread = {
  readonly id: string;
  /** Null: of the platform itself. */
  readonly restaurantId: string | null;
  readonly subject: ThreadSubject;
  readonly customerId: string;
  /** How many messages there are; each has the number it came as. */
  readonly lastSeq: number;
  /** Of the newest message; threads are listed by it. Its own id while there is none. */
  readonly lastMessageId: string;
  /** How far each person has read. */
  readonly reads: Readonly<Record<string, number>>;
  readonly version: number;
};

export type Message = {
  readonly id: string;
  readonly threadId: string;
  readonly seq: number;
  readonly authorId: string;
  readonly side: Side;
  readonly text: string;
  readonly isInternal: boolean;
  /** What its sender calls it, so that sending it again does not say it twice. */
  readonly clientId: string | null;
  readonly at: number;
};

type Opening = Pick<Thread, 'restaurantId' | 'subject' | 'customerId'>;
export type Words = Pick<Message, 'id' | 'text' | 'isInternal' | 'clientId'>;
type Posted = { readonly change: Change<Thread, ThreadEvent>; readonly message: Message };

function open(id: string, { restaurantId, subject, customerId }: Opening, at: number): Change<Thread, ThreadEvent> {
  const state: Thread = { id, restaurantId, subject, customerId, lastSeq: 0, lastMessageId: id, reads: {}, version: 0 };
  return { state, events: [{ type: 'support.thread_opened', ...idsOf(state), at }] };
}

/** Adds a message as the next one; its author has read all up to it. */
function post(thread: Thread, { accountId, side }: Speaker, words: Words, at: number): Posted {
  invariant(!words.isInternal || side !== 'customer', 'customers leave no notes for colleagues');
  const seq = thread.lastSeq + 1;
  const message: Message = { ...words, threadId: thread.id, seq, authorId: accountId, side, at };
  const state: Thread = { ...thread, lastSeq: seq, lastMessageId: later(thread.lastMessageId, words.id), reads: readsWith(thread, accountId, seq) };
  const { id: messageId, isInternal } = words;
  const event: ThreadEvent = { type: 'support.message_sent', ...idsOf(thread), messageId, seq, authorId: accountId, side, isInternal, at };
  return { change: { state, events: [event] }, message };
}

/** Notes that somebody has read up to a message; undefined where that was known. */
function read(
  thread: Thread,
  { accountId, side }: Speaker,
  seq: number,
  at: number,
): Result<Change<Thread, ThreadEvent> | undefined, SupportErrorOf<'support.nothing_to_read'>> {
  if (seq > thread.lastSeq) return err({ code: 'support.nothing_to_read', lastSeq: thread.lastSeq });
  const reads = readsWith(thread, accountId, seq);
  if (reads === thread.reads) return ok(undefined);
  return ok({
    state: { ...thread, reads },
    events: [{ type: 'support.messages_read', ...idsOf(thread), readerId: accountId, side, seq, at }],
  });
}

/** How many messages somebody has not read; internal ones count for everybody, and are few. */
const unread = ({ lastSeq, reads }: Pick<Thread, 'lastSeq' | 'reads'>, accountId: string): number => lastSeq - (reads[accountId] ?? 0);

function readsWith({ reads }: Thread, accountId: string, seq: number): Thread['reads'] {
  const known = Object.hasOwn(reads, accountId) ? reads[accountId] : undefined;
  if ((known ?? 0) >= seq) return reads;
  return known === undefined && Object.keys(reads).length >= READERS_MAX ? reads : { ...reads, [accountId]: seq };
}

/** Ids are made before their turn has come, so that the newest message may have an older one. */
const later = (one: string, other: string): string => (one > other ? one : other);

const idsOf = ({ id, restaurantId, subject, customerId }: Thread) => ({ threadId: id, restaurantId, subject, customerId });

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(thread: Thread): Thread {
  const { id, subject, lastSeq, reads } = thread;
  invariant(SUBJECT_KINDS.includes(subject.kind), `thread ${id} is about ${subject.kind}`);
  invariant(Number.isSafeInteger(lastSeq) && lastSeq >= 0, `thread ${id} counts its messages`);
  invariant(
    Object.values(reads).every((seq) => seq > 0 && seq <= lastSeq),
    `nobody read what thread ${id} does not have`,
  );
  return thread;
}

export const Thread = { open, post, read, unread, check };
