import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { Threads } from '#application/support/ports.ts';
import { type Message, type Side, Thread, type ThreadSubject } from '#domain/support/thread.ts';
import { violates } from '../conflicts.ts';
import { saved } from '../saved.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type ThreadRecord = {
  readonly id: string;
  readonly restaurant_id: string | null;
  readonly subject_kind: ThreadSubject['kind'];
  readonly subject_id: string;
  readonly customer_id: string;
  readonly last_seq: number;
  readonly last_message_id: string;
  readonly reads: Thread['reads'];
  readonly version: number;
};
export const THREAD_COLUMNS = 'id, restaurant_id, subject_kind, subject_id, customer_id, last_seq, last_message_id, reads, version';
export const toThread = (row: ThreadRecord): Thread =>
  Thread.check({
    id: row.id,
    restaurantId: row.restaurant_id,
    subject: { kind: row.subject_kind, id: row.subject_id },
    customerId: row.customer_id,
    lastSeq: row.last_seq,
    lastMessageId: row.last_message_id,
    reads: row.reads,
    version: row.version,
  });

export type MessageRecord = {
  readonly id: string;
  readonly thread_id: string;
  readonly seq: number;
  readonly author_id: string;
  readonly side: Side;
  readonly text: string;
  readonly is_internal: boolean;
  readonly client_id: string | null;
  readonly sent_at: string;
};
export const MESSAGE_COLUMNS = 'id, thread_id, seq, author_id, side, text, is_internal, client_id, sent_at';
export const toMessage = (row: MessageRecord): Message => ({
  id: row.id,
  threadId: row.thread_id,
  seq: row.seq,
  authorId: row.author_id,
  side: row.side,
  text: row.text,
  isInternal: row.is_internal,
  clientId: row.client_id,
  at: instant(row.sent_at),
});

export const THREAD_OF = `select ${THREAD_COLUMNS} from support.threads where subject_id = $1::uuid and subject_kind = $2`;
const INSERT = `
  insert into support.threads (id, version, last_seq, last_message_id, reads, restaurant_id, subject_kind, subject_id, customer_id)
  values ($1::uuid, $2::int, $3::int, $4::uuid, $5::jsonb, $6::uuid, $7, $8::uuid, $9::uuid)`;
const UPDATE = `
  update support.threads set version = $2::int, last_seq = $3::int, last_message_id = $4::uuid, reads = $5::jsonb
   where id = $1::uuid and version = $6::int returning 1`;
const ADD = `
  insert into support.messages (${MESSAGE_COLUMNS}) values ($1::uuid, $2::uuid, $3::int, $4, $5, $6, $7::boolean, $8, $9::timestamptz)`;
const SAID = `select ${MESSAGE_COLUMNS} from support.messages where thread_id = $1::uuid and author_id = $2 and client_id = $3`;

export const postgresThreads = ({ sql, append }: PostgresTx): Threads => ({
  async lock({ kind, id }) {
    const [row] = await sql<ThreadRecord>(`${THREAD_OF} for update`, [id, kind]);
    return row && toThread(row);
  },
  async save({ state, events }) {
    const { id, version, lastSeq, lastMessageId, reads, restaurantId, subject, customerId } = Thread.check(state);
    append({ stream: `thread:${id}`, version, restaurantId }, events);
    const standing = [id, version + events.length, lastSeq, lastMessageId, JSON.stringify(reads)];
    if (version > 0) return saved(await sql(UPDATE, [...standing, version]), `thread ${id}`);
    try {
      await sql(INSERT, [...standing, restaurantId, subject.kind, subject.id, customerId]);
    } catch (error) {
      throw violates(error, 'threads_subject') ? new WriteConflict(`somebody else opened the thread of ${subject.id}`, { cause: error }) : error;
    }
  },
  async add({ id, threadId, seq, authorId, side, text, isInternal, clientId, at }) {
    await sql(ADD, [id, threadId, seq, authorId, side, text, isInternal, clientId, timestamp(at)]);
  },
  async said(threadId, authorId, clientId) {
    const [row] = await sql<MessageRecord>(SAID, [threadId, authorId, clientId]);
    return row && toMessage(row);
  },
});
