import { type Inbox, webhookReceived } from '#application/payments/ports.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type EventRecord = {
  readonly type: string;
  readonly body: Uint8Array;
  readonly received_at: string;
  readonly tries: number;
};

const RECEIVE = `
  insert into payments.provider_events (processor, event_id, type, body, received_at, status, tries, due_at)
  values ($1, $2, $3, $4::bytea, $5::timestamptz, 'received', 0, $5::timestamptz)
  on conflict do nothing returning true as is_new`;
const LOCK = `
  select type, body, received_at, tries from payments.provider_events
   where processor = $1 and event_id = $2 and status = 'received' for update skip locked`;
const SETTLE = `
  update payments.provider_events
     set status = $3, detail = $4, settled_at = $5::timestamptz, due_at = coalesce($6::timestamptz, due_at), tries = tries + 1
   where processor = $1 and event_id = $2`;

export const postgresInbox = ({ sql, append }: PostgresTx): Inbox => ({
  async receive({ processor, eventId, type, body, receivedAt }) {
    const [row] = await sql<{ readonly is_new: boolean }>(RECEIVE, [processor, eventId, type, body, timestamp(receivedAt)]);
    if (row === undefined) return false;
    append({ stream: `webhook:${processor}:${eventId}`, version: 0, restaurantId: null }, [
      webhookReceived({ processor, eventId, type, receivedAt }),
    ]);
    return true;
  },
  async lock(processor, eventId) {
    const [row] = await sql<EventRecord>(LOCK, [processor, eventId]);
    return row && { processor, eventId, type: row.type, body: row.body, receivedAt: instant(row.received_at), tries: row.tries };
  },
  async settle(processor, eventId, outcome) {
    const isWaiting = outcome.status === 'received';
    const [settledAt, dueAt] = isWaiting ? [null, timestamp(outcome.dueAt)] : [timestamp(outcome.at), null];
    await sql(SETTLE, [processor, eventId, outcome.status, outcome.detail, settledAt, dueAt]);
  },
});
