import type { Tickets } from '#application/support/ports.ts';
import { Ticket, type TicketCategory, type TicketPriority, type TicketStatus } from '#domain/support/ticket.ts';
import { saved } from '../saved.ts';
import { instant, timestamp, timestampOrNull } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type TicketRecord = {
  readonly id: string;
  readonly restaurant_id: string | null;
  readonly requester_id: string;
  readonly order_id: string | null;
  readonly title: string;
  readonly category: TicketCategory;
  readonly priority: TicketPriority;
  readonly status: TicketStatus;
  readonly assignee_id: string | null;
  readonly opened_at: string;
  readonly first_responded_at: string | null;
  readonly resolved_at: string | null;
  readonly waiting_since: string | null;
  readonly waited_ms: string;
  readonly version: number;
};
export const TICKET_COLUMNS =
  'id, restaurant_id, requester_id, order_id, title, category, priority, status, assignee_id, opened_at, first_responded_at, resolved_at, waiting_since, waited_ms, version';

const instantOrNull = (text: string | null): number | null => (text === null ? null : instant(text));
export const toTicket = (row: TicketRecord): Ticket =>
  Ticket.check({
    id: row.id,
    restaurantId: row.restaurant_id,
    requesterId: row.requester_id,
    orderId: row.order_id,
    title: row.title,
    category: row.category,
    priority: row.priority,
    status: row.status,
    assigneeId: row.assignee_id,
    openedAt: instant(row.opened_at),
    firstRespondedAt: instantOrNull(row.first_responded_at),
    resolvedAt: instantOrNull(row.resolved_at),
    waitingSince: instantOrNull(row.waiting_since),
    waitedMs: Number(row.waited_ms),
    version: row.version,
  });

export const TICKET = `select ${TICKET_COLUMNS} from support.tickets where id = $1::uuid`;
const INSERT = `
  insert into support.tickets
    (id, version, status, category, priority, assignee_id, first_responded_at, resolved_at, waiting_since, waited_ms,
     restaurant_id, requester_id, order_id, title, opened_at)
  values ($1::uuid, $2::int, $3, $4, $5, $6::uuid, $7::timestamptz, $8::timestamptz, $9::timestamptz, $10::bigint,
          $11::uuid, $12::uuid, $13::uuid, $14, $15::timestamptz)`;
const UPDATE = `
  update support.tickets
     set version = $2::int, status = $3, category = $4, priority = $5, assignee_id = $6::uuid, first_responded_at = $7::timestamptz,
         resolved_at = $8::timestamptz, waiting_since = $9::timestamptz, waited_ms = $10::bigint
   where id = $1::uuid and version = $11::int returning 1`;

export const postgresTickets = ({ sql, append }: PostgresTx): Tickets => ({
  async lock(ticketId) {
    const [row] = await sql<TicketRecord>(`${TICKET} for update`, [ticketId]);
    return row && toTicket(row);
  },
  async save({ state, events }) {
    const { id, version, restaurantId, requesterId, orderId, title, openedAt, ...rest } = Ticket.check(state);
    append({ stream: `ticket:${id}`, version, restaurantId }, events);
    const { status, category, priority, assigneeId, firstRespondedAt, resolvedAt, waitingSince, waitedMs } = rest;
    const times = [firstRespondedAt, resolvedAt, waitingSince].map(timestampOrNull);
    const standing = [id, version + events.length, status, category, priority, assigneeId, ...times, waitedMs];
    if (version > 0) return saved(await sql(UPDATE, [...standing, version]), `ticket ${id}`);
    await sql(INSERT, [...standing, restaurantId, requesterId, orderId, title, timestamp(openedAt)]);
  },
});
