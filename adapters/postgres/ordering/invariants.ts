import { ORDER_NEXT, ORDER_STATUSES } from '#domain/ordering/order.ts';
import type { Invariant } from '../invariant.ts';

const legalMoves = ORDER_STATUSES.flatMap((from) => ORDER_NEXT[from].map((to) => `('${from}', '${to}')`)).join(', ');

export const ORDERING_INVARIANTS: readonly Invariant[] = [
  {
    id: 'order-total',
    promise: 'Every order costs the sum of its lines, tax, tip and rounding, and its row says so',
    sql: `
      select o.id::text as culprit, 'lines ' || s.lines || ', tax ' || s.tax || ', total ' || (o.facts #>> '{price,total}') || ', row ' || o.total as detail
        from ordering.orders o
        cross join lateral (
          select (select coalesce(sum((l ->> 'quantity')::bigint
                    * ((l ->> 'unitPrice')::bigint
                       + (select coalesce(sum((m ->> 'unitPrice')::bigint * (m ->> 'quantity')::bigint), 0) from jsonb_array_elements(l -> 'modifiers') m))), 0)
                    from jsonb_array_elements(o.facts -> 'lines') l) as lines,
                 (select coalesce(sum((t ->> 'amount')::bigint), 0) from jsonb_array_elements(o.facts #> '{price,taxes}') t) as tax,
                 (select coalesce(sum((t ->> 'amount')::bigint), 0)
                    from jsonb_array_elements(o.facts -> 'lines') l, jsonb_array_elements(l -> 'taxes') t) as line_tax) s
       where (o.facts #>> '{price,subtotal}')::bigint <> s.lines
          or s.tax <> s.line_tax
          or (o.facts #>> '{price,total}')::bigint
             <> s.lines + case when (o.facts #>> '{price,pricesIncludeTax}')::boolean then 0 else s.tax end
                + (o.facts #>> '{price,tip}')::bigint + (o.facts #>> '{price,rounding}')::bigint
          or o.total <> (o.facts #>> '{price,total}')::bigint`,
  },
  {
    id: 'order-state-is-its-events',
    promise: 'Every order stands where its last event left it, at the version of its stream',
    sql: `
      select o.id::text as culprit, 'row ' || o.status || ' v' || o.version || ', log ' || coalesce(e.data ->> 'to', 'nothing') || ' v' || coalesce(e.version, 0) as detail
        from ordering.orders o
        left join lateral (select version, data from platform.events where stream = 'order:' || o.id order by version desc limit 1) e on true
       where e.version is distinct from o.version or e.data ->> 'to' is distinct from o.status`,
  },
  {
    id: 'order-events-have-an-order',
    promise: 'Every order the log tells of exists, with the facts it began with',
    sql: `
      select e.stream as culprit, case when o.id is null then 'no such order' else 'other facts' end as detail
        from platform.events e left join ordering.orders o on o.id = (e.data ->> 'orderId')::uuid
       where e.stream like 'order:%' and e.version = 1 and (o.id is null or o.facts <> e.data -> 'order')`,
  },
  {
    id: 'order-moves-are-legal',
    promise: 'Every move of an order follows the table, from where the move before it led',
    sql: `
      select e.stream as culprit, 'v' || e.version || ': ' || coalesce(e.data ->> 'from', 'nothing') || ' to ' || (e.data ->> 'to') as detail
        from platform.events e
        left join platform.events b on b.stream = e.stream and b.version = e.version - 1
       where e.stream like 'order:%'
         and case when e.version = 1 then e.data ->> 'from' is not null or e.data ->> 'to' not in ('pending', 'placed')
                  else e.data ->> 'from' is distinct from b.data ->> 'to' or (e.data ->> 'from', e.data ->> 'to') not in (${legalMoves}) end`,
  },
  {
    id: 'one-order-per-request',
    promise: 'Every request for an order that took effect has exactly the order it answered',
    sql: `
      select r.scope || ' ' || r.key as culprit, 'its order ' || r.outcome || ' is missing or another customer''s' as detail
        from platform.requests r left join ordering.orders o on o.id = r.outcome::uuid and r.scope = 'orders:' || o.customer_id
       where r.scope like 'orders:%' and o.id is null
      union all
      select o.id::text, count(r.key) || ' requests asked for it'
        from ordering.orders o left join platform.requests r on r.scope = 'orders:' || o.customer_id and r.outcome = o.id::text
       group by o.id having count(r.key) <> 1`,
  },
  {
    id: 'order-numbers-are-unique',
    promise: 'No two orders of a restaurant share a number on one business day',
    sql: `
      select restaurant_id || ' ' || business_day || ' ' || number as culprit, count(*) || ' orders' as detail
        from ordering.orders group by restaurant_id, business_day, number having count(*) > 1`,
  },
  {
    id: 'history-is-the-log',
    promise: 'The history of every order tells what its stream tells, once it has been read',
    sql: `
      select e.stream as culprit, 'v' || e.version || ' is missing' as detail
        from platform.events e
        join platform.subscribers s on s.name = 'ordering-history' and (e.xid, e.position) <= (s.xid, s.position)
        left join ordering.order_history h on h.order_id = (e.data ->> 'orderId')::uuid and h.version = e.version and h.to_status = e.data ->> 'to'
       where e.stream like 'order:%' and h.order_id is null
         and not exists (select 1 from platform.event_retries r where r.subscriber = s.name and r.position = e.position)`,
  },
  {
    id: 'orders-are-what-was-agreed',
    promise: 'The columns of every order say what its facts say',
    sql: `
      select id::text as culprit, 'columns and facts disagree' as detail
        from ordering.orders
       where restaurant_id::text <> facts ->> 'restaurantId' or customer_id::text <> facts ->> 'customerId'
          or business_day::text <> facts ->> 'businessDay' or number <> (facts ->> 'number')::int
          or (extract(epoch from placed_at) * 1000)::bigint <> (facts ->> 'placedAt')::bigint
          or (extract(epoch from expires_at) * 1000)::bigint is distinct from (facts ->> 'expiresAt')::bigint`,
  },
  {
    id: 'holds-lapse-in-time',
    promise: 'No unpaid order keeps its stock long after its time, and its hold ends when it does',
    sql: `
      select o.id::text as culprit, 'pending, and should have expired at ' || o.expires_at as detail
        from ordering.orders o where o.status = 'pending' and o.expires_at < (select max(recorded_at) from platform.events) - interval '1 hour'
      union all
      select o.id::text, 'the order lapses at ' || coalesce(o.expires_at::text, 'no time') || ', its hold at ' || coalesce(r.expires_at::text, 'no time')
        from ordering.orders o join inventory.reservations r on r.restaurant_id = o.restaurant_id and r.order_id = o.id
       where r.expires_at is distinct from o.expires_at`,
  },
];
