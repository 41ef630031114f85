import { TICKET_NEXT, TICKET_STATUSES } from '#domain/support/ticket.ts';
import type { Invariant } from '../invariant.ts';

const legalMoves = TICKET_STATUSES.flatMap((from) => TICKET_NEXT[from].map((to) => `('${from}', '${to}')`)).join(', ');

export const SUPPORT_INVARIANTS: readonly Invariant[] = [
  {
    id: 'support-messages-are-numbered',
    promise: 'Every thread has as many messages as it says, numbered without a gap, each told by the log',
    sql: `
      select t.id::text as culprit, 'counts ' || t.last_seq || ', has ' || m.messages || ' up to ' || m.last || ', log ' || e.sent as detail
        from support.threads t
        cross join lateral (select count(*) as messages, coalesce(max(seq), 0) as last from support.messages where thread_id = t.id) m
        cross join lateral (select count(*) as sent from platform.events where stream = 'thread:' || t.id and type = 'support.message_sent') e
       where m.messages <> t.last_seq or m.last <> t.last_seq or e.sent <> t.last_seq
      union all
      select m.thread_id::text, 'a message of no thread' from support.messages m left join support.threads t on t.id = m.thread_id where t.id is null`,
  },
  {
    id: 'support-tickets-are-their-events',
    promise: 'Every ticket stands where the log left it, and came there by legal moves',
    sql: `
      select t.id::text as culprit, t.status || ' v' || t.version || ', log ' || coalesce(m.status, 'open') || ' v' || coalesce(e.version, 0) as detail
        from support.tickets t
        left join lateral (select max(version) as version from platform.events where stream = 'ticket:' || t.id) e on true
        left join lateral (select data ->> 'to' as status from platform.events
                            where stream = 'ticket:' || t.id and type = 'support.ticket_moved' order by version desc limit 1) m on true
       where e.version is distinct from t.version or coalesce(m.status, 'open') <> t.status
      union all
      select e.stream, (e.data ->> 'from') || ' to ' || (e.data ->> 'to') from platform.events e
       where e.type = 'support.ticket_moved' and (e.data ->> 'from', e.data ->> 'to') not in (${legalMoves})`,
  },
  {
    id: 'support-tickets-have-their-thread',
    promise: 'Every ticket has a thread of the same restaurant and the same person, and so has every thread about a ticket',
    sql: `
      select coalesce(t.id, h.subject_id)::text as culprit, case when h.id is null then 'no thread' when t.id is null then 'no ticket' else 'of somebody else' end as detail
        from support.tickets t
        full join (select * from support.threads where subject_kind = 'ticket') h on h.subject_id = t.id
       where t.id is null or h.id is null or h.customer_id <> t.requester_id or h.restaurant_id is distinct from t.restaurant_id`,
  },
];
