import type { Suppressions } from '#application/notifications/email/ports.ts';
import type { Suppression, SuppressionReason } from '#domain/notifications/email/suppression.ts';
import { instant, timestamp } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

export type SuppressionRecord = {
  readonly id: string;
  readonly address: string;
  readonly recipient_digest: string;
  readonly reason: SuppressionReason;
  readonly note: string | null;
  readonly added_by: string;
  readonly added_at: string;
  readonly version: number;
};
export const SUPPRESSION_COLUMNS = 'id, address, recipient_digest, reason, note, added_by, added_at, version';
export const toSuppression = ({ recipient_digest, added_by, added_at, ...row }: SuppressionRecord): Suppression => ({
  ...row,
  recipientDigest: recipient_digest,
  addedBy: added_by,
  addedAt: instant(added_at),
});

const REASONS = 'select address, reason from notifications.suppressions where address = any($1::text[])';
const LOCK = `select ${SUPPRESSION_COLUMNS} from notifications.suppressions where id = $1::uuid for update`;
// Two that add one address at once take turns, though there is no row yet that they could meet at.
const TAKE_TURN = `select pg_advisory_xact_lock(hashtextextended('suppression ' || $1, 0))`;
const OF_ADDRESS = `select ${SUPPRESSION_COLUMNS} from notifications.suppressions where address = $1 for update`;
const ADD = `
  insert into notifications.suppressions (${SUPPRESSION_COLUMNS}) values ($1::uuid, $2, $3, $4, $5, $6, $7::timestamptz, $8::int)
  on conflict (address) do update
    set id = excluded.id, reason = excluded.reason, note = excluded.note, added_by = excluded.added_by, added_at = excluded.added_at,
        version = excluded.version`;
const REMOVE = 'delete from notifications.suppressions where id = $1::uuid';

export const postgresSuppressions = ({ sql, append }: PostgresTx): Suppressions => ({
  async reasons(addresses) {
    const rows = await sql<{ address: string; reason: SuppressionReason }>(REASONS, [addresses]);
    return new Map(rows.map(({ address, reason }) => [address, reason]));
  },
  async lockAddress(address) {
    await sql(TAKE_TURN, [address]);
    const [row] = await sql<SuppressionRecord>(OF_ADDRESS, [address]);
    return row && toSuppression(row);
  },
  async lock(suppressionId) {
    const [row] = await sql<SuppressionRecord>(LOCK, [suppressionId]);
    return row && toSuppression(row);
  },
  async add({ state, events }) {
    const { id, address, recipientDigest, reason, note, addedBy, addedAt } = state;
    await sql(ADD, [id, address, recipientDigest, reason, note, addedBy, timestamp(addedAt), events.length]);
    append({ stream: `suppression:${id}`, version: 0, restaurantId: null }, events);
  },
  async remove({ state: { id, version }, events }) {
    await sql(REMOVE, [id]);
    append({ stream: `suppression:${id}`, version, restaurantId: null }, events);
  },
});
