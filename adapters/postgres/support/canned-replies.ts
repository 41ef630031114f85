import type { CannedReplies } from '#application/support/ports.ts';
import type { CannedReply } from '#domain/support/canned-reply.ts';
import { saved } from '../saved.ts';
import type { PostgresTx } from '../tx.ts';

export type CannedReplyRecord = {
  readonly id: string;
  readonly restaurant_id: string | null;
  readonly title: string;
  readonly text: string;
  readonly is_removed: boolean;
  readonly version: number;
};
export const CANNED_REPLY_COLUMNS = 'id, restaurant_id, title, text, is_removed, version';
export const toCannedReply = ({ restaurant_id: restaurantId, is_removed: isRemoved, ...row }: CannedReplyRecord): CannedReply => ({
  ...row,
  restaurantId,
  isRemoved,
});

const FIND = `select ${CANNED_REPLY_COLUMNS} from support.canned_replies where id = $1::uuid`;
const KEPT = 'select count(*)::int as kept from support.canned_replies where restaurant_id is not distinct from $1::uuid and not is_removed';
const INSERT = `
  insert into support.canned_replies (id, version, title, text, is_removed, restaurant_id)
  values ($1::uuid, $2::int, $3, $4, $5::boolean, $6::uuid)`;
const UPDATE = `
  update support.canned_replies set version = $2::int, title = $3, text = $4, is_removed = $5::boolean where id = $1::uuid and version = $6::int returning 1`;

export const postgresCannedReplies = ({ sql, append }: PostgresTx): CannedReplies => ({
  async find(cannedReplyId) {
    const [row] = await sql<CannedReplyRecord>(FIND, [cannedReplyId]);
    return row && toCannedReply(row);
  },
  async lockKept(restaurantId) {
    // Nothing stands for "all of a restaurant" that could be locked, so its name is.
    await sql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`canned_replies:${restaurantId ?? ''}`]);
    const [row] = await sql<{ kept: number }>(KEPT, [restaurantId]);
    return row?.kept ?? 0;
  },
  async save({ state: { id, version, restaurantId, title, text, isRemoved }, events }) {
    append({ stream: `canned_reply:${id}`, version, restaurantId }, events);
    const standing = [id, version + events.length, title, text, isRemoved];
    if (version > 0) return saved(await sql(UPDATE, [...standing, version]), `canned reply ${id}`);
    await sql(INSERT, [...standing, restaurantId]);
  },
});
