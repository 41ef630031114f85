import { pageOf } from '#application/shared/page.ts';
import type { SupportQueries } from '#application/support/ports.ts';
import type { Spread } from '#domain/support/statistics.ts';
import { TICKET_STATUSES, type TicketStatus } from '#domain/support/ticket.ts';
import { LAST, newestOf } from '../paging.ts';
import { type Sql, timestamp } from '../sql.ts';
import { CANNED_REPLY_COLUMNS, type CannedReplyRecord, toCannedReply } from './canned-replies.ts';
import { MESSAGE_COLUMNS, type MessageRecord, THREAD_COLUMNS, THREAD_OF, type ThreadRecord, toMessage, toThread } from './threads.ts';
import { TICKET, TICKET_COLUMNS, type TicketRecord, toTicket } from './tickets.ts';

const ALL = 2_147_483_647;

const threadsOf = (whose: string): string => `
  select ${THREAD_COLUMNS} from support.threads
   where ${whose} = $1::uuid and subject_kind = 'order' and last_message_id < $2::uuid
   order by last_message_id desc limit $3::int`;
const THREADS_OF_CUSTOMER = threadsOf('customer_id');
const THREADS_OF_RESTAURANT = threadsOf('restaurant_id');

const messagesIn = (bounds: string, order: 'asc' | 'desc'): string => `
  select ${MESSAGE_COLUMNS} from support.messages
   where thread_id = $1::uuid and ${bounds} and ($3::boolean or not is_internal)
   order by seq ${order} limit $4::int`;
const NEWEST_BEFORE = messagesIn('seq < $2::int', 'desc');
const OLDEST_AFTER = messagesIn('seq > $2::int', 'asc');

const MINE = `select ${TICKET_COLUMNS} from support.tickets where requester_id = $1::uuid and id < $2::uuid order by id desc limit $3::int`;
const UNRESOLVED = `
  select count(*)::int as unresolved from (select 1 from support.tickets where requester_id = $1::uuid and status in ('open', 'waiting') limit 100) t`;
const ticketsOf = (whose: string): string =>
  `select ${TICKET_COLUMNS} from support.tickets where ${newestOf('support.tickets', 'status', `${whose} and`)}`;
const TICKETS = ticketsOf('o.restaurant_id = $4::uuid');
const TICKETS_OF_PLATFORM = ticketsOf('o.restaurant_id is null');
const ASSIGNED = ticketsOf('o.restaurant_id = $4::uuid and o.assignee_id = $5::uuid');
const ASSIGNED_OF_PLATFORM = ticketsOf('o.restaurant_id is null and o.assignee_id = $4::uuid');
const RESOLVED_BEFORE = `
  select id from support.tickets
   where status = 'resolved' and resolved_at <= $1::timestamptz and ($2::uuid is null or id > $2::uuid) order by id limit $3::int`;

const BY_STATUS = 'select status, count(*)::int as tickets from support.tickets where restaurant_id is not distinct from $1::uuid group by status';
const spread = (name: string, duration: string): string => `
  count(${duration})::int as ${name}_count,
  percentile_cont(0.5) within group (order by ${duration})::float8 as ${name}_median,
  percentile_cont(0.9) within group (order by ${duration})::float8 as ${name}_p90`;
const SPREADS = `
  select count(*)::int as opened, ${spread('response', 't.response_ms')}, ${spread('resolution', 't.resolution_ms')}
    from (select extract(epoch from first_responded_at - opened_at)::float8 * 1000 as response_ms,
                 case when resolved_at is not null then greatest(0, extract(epoch from resolved_at - opened_at)::float8 * 1000 - waited_ms) end as resolution_ms
            from support.tickets
           where restaurant_id is not distinct from $1::uuid and opened_at >= $2::timestamptz and opened_at < $3::timestamptz) t`;
type Spreads = { readonly opened: number } & {
  readonly [Name in `${'response' | 'resolution'}_${'count' | 'median' | 'p90'}`]: number | null;
};

export const postgresSupportQueries = (sql: () => Sql): SupportQueries => ({
  async thread({ kind, id }) {
    const [row] = await sql()<ThreadRecord>(THREAD_OF, [id, kind]);
    return row && toThread(row);
  },
  async threadById(threadId) {
    const [row] = await sql()<ThreadRecord>(`select ${THREAD_COLUMNS} from support.threads where id = $1::uuid`, [threadId]);
    return row && toThread(row);
  },
  async messages(threadId, { limit, before, after }, isStaff) {
    if (after !== undefined) return (await sql()<MessageRecord>(OLDEST_AFTER, [threadId, after, isStaff, limit])).map(toMessage);
    const rows = await sql()<MessageRecord>(NEWEST_BEFORE, [threadId, before ?? ALL, isStaff, limit]);
    return rows.toReversed().map(toMessage);
  },
  async threadsOfCustomer(customerId, { limit, after = LAST }) {
    const rows = await sql()<ThreadRecord>(THREADS_OF_CUSTOMER, [customerId, after, limit + 1]);
    return pageOf(rows, limit, (row) => row.last_message_id, toThread);
  },
  async threadsOfRestaurant(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<ThreadRecord>(THREADS_OF_RESTAURANT, [restaurantId, after, limit + 1]);
    return pageOf(rows, limit, (row) => row.last_message_id, toThread);
  },
  async ticket(ticketId) {
    const [row] = await sql()<TicketRecord>(TICKET, [ticketId]);
    return row && toTicket(row);
  },
  async ticketsOfRequester(requesterId, { limit, after = LAST }) {
    const rows = await sql()<TicketRecord>(MINE, [requesterId, after, limit + 1]);
    return pageOf(rows, limit, ({ id }) => id, toTicket);
  },
  async unresolvedOf(requesterId) {
    const [row] = await sql()<{ unresolved: number }>(UNRESOLVED, [requesterId]);
    return row?.unresolved ?? 0;
  },
  async tickets(restaurantId, { status, assigneeId }, { limit, after = LAST }) {
    const [ofAll, ofOne] = restaurantId === null ? [TICKETS_OF_PLATFORM, ASSIGNED_OF_PLATFORM] : [TICKETS, ASSIGNED];
    const whose = [restaurantId, assigneeId].filter((id) => typeof id === 'string');
    const kinds = status === undefined ? TICKET_STATUSES : [status];
    const rows = await sql()<TicketRecord>(assigneeId === undefined ? ofAll : ofOne, [after, limit + 1, kinds, ...whose]);
    return pageOf(rows, limit, ({ id }) => id, toTicket);
  },
  async resolvedBefore(at, after, limit) {
    return (await sql()<{ id: string }>(RESOLVED_BEFORE, [timestamp(at), after ?? null, limit])).map(({ id }) => id);
  },
  async cannedReplies(restaurantId) {
    const rows = await sql()<CannedReplyRecord>(
      `select ${CANNED_REPLY_COLUMNS} from support.canned_replies where restaurant_id is not distinct from $1::uuid and not is_removed order by id`,
      [restaurantId],
    );
    return rows.map(toCannedReply);
  },
  async statistics(restaurantId, from, to) {
    const [counts, [spreads]] = await Promise.all([
      sql()<{ status: TicketStatus; tickets: number }>(BY_STATUS, [restaurantId]),
      sql()<Spreads>(SPREADS, [restaurantId, timestamp(from), timestamp(to)]),
    ]);
    const byStatus = Object.fromEntries(TICKET_STATUSES.map((status) => [status, counts.find((row) => row.status === status)?.tickets ?? 0]));
    return {
      byStatus: byStatus as Record<TicketStatus, number>,
      opened: spreads?.opened ?? 0,
      firstResponse: toSpread(spreads, 'response'),
      resolution: toSpread(spreads, 'resolution'),
    };
  },
});

function toSpread(row: Spreads | undefined, name: 'response' | 'resolution'): Spread {
  const [median, p90] = [row?.[`${name}_median`] ?? null, row?.[`${name}_p90`] ?? null];
  const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));
  return { count: row?.[`${name}_count`] ?? 0, medianMs: rounded(median), p90Ms: rounded(p90) };
}
