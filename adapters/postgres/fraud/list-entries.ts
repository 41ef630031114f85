import type { ListEntries } from '#application/fraud/ports.ts';
import { type EntryKind, type List, ListEntry } from '#domain/fraud/list-entry.ts';
import { violates } from '../conflicts.ts';
import { saved } from '../saved.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type EntryRecord = {
  readonly id: string;
  readonly restaurant_id: string | null;
  readonly list: List;
  readonly kind: EntryKind;
  readonly value: string;
  readonly token: string;
  readonly reason: string;
  readonly expires_at: string | null;
  readonly added_by: string;
  readonly added_at: string;
  readonly removed_at: string | null;
  readonly version: number;
};

export const ENTRY_COLUMNS = 'id, restaurant_id, list, kind, value, token, reason, expires_at, added_by, added_at, removed_at, version';

const instantOrNull = (text: string | null): number | null => (text === null ? null : instant(text));
const timestampOrNull = (at: number | null): string | null => (at === null ? null : timestamp(at));

export const toEntry = ({ restaurant_id, expires_at, added_by, added_at, removed_at, ...row }: EntryRecord): ListEntry =>
  ListEntry.check({
    ...row,
    restaurantId: restaurant_id,
    expiresAt: instantOrNull(expires_at),
    addedBy: added_by,
    addedAt: instant(added_at),
    removedAt: instantOrNull(removed_at),
  });

const standing = (condition: string): string =>
  `select ${ENTRY_COLUMNS} from fraud.list_entries where ${condition} and list = $1 and kind = $2 and token = $3 and removed_at is null`;
const STANDING = standing('restaurant_id = $4::uuid');
const STANDING_ON_PLATFORM = standing('restaurant_id is null');
const INSERT = `
  insert into fraud.list_entries (${ENTRY_COLUMNS})
  values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::timestamptz, $9, $10::timestamptz, $11::timestamptz, $12::int)`;
const REMOVE = 'update fraud.list_entries set removed_at = $3::timestamptz, version = $4::int where id = $1::uuid and version = $2::int returning 1';

export const postgresListEntries = ({ sql, append }: PostgresTx): ListEntries => ({
  async find(entryId) {
    const [row] = await sql<EntryRecord>(`select ${ENTRY_COLUMNS} from fraud.list_entries where id = $1::uuid`, [entryId]);
    return row && toEntry(row);
  },
  async standing({ restaurantId, list, kind, token }) {
    const [row] = await (restaurantId === null
      ? sql<EntryRecord>(STANDING_ON_PLATFORM, [list, kind, token])
      : sql<EntryRecord>(STANDING, [list, kind, token, restaurantId]));
    return row && toEntry(row);
  },
  async save({ state, events }) {
    const { id, restaurantId, list, kind, value, token, reason, expiresAt, addedBy, addedAt, removedAt, version } = ListEntry.check(state);
    const next = version + events.length;
    append({ stream: `fraud_list_entry:${id}`, version, restaurantId }, events);
    if (version > 0) {
      saved(await sql(REMOVE, [id, version, timestampOrNull(removedAt), next]), `list entry ${id}`);
      return 'saved';
    }
    const facts = [id, restaurantId, list, kind, value, token, reason, timestampOrNull(expiresAt), addedBy, timestamp(addedAt)];
    try {
      await sql(INSERT, [...facts, timestampOrNull(removedAt), next]);
      return 'saved';
    } catch (error) {
      if (violates(error, 'list_entries_standing')) return 'exists';
      throw error;
    }
  },
});
