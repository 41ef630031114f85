import { GOES_TO } from '#domain/inventory/reservation.ts';
import { FINAL_STATUSES } from '#domain/ordering/events.ts';
import type { Invariant } from '../invariant.ts';

const FINAL_ORDERS = `(${FINAL_STATUSES.map((status) => `'${status}'`).join(', ')})`;
const goesTo = `case r.status ${Object.entries(GOES_TO)
  .map(([status, place]) => `when '${status}' then '${place}'`)
  .join(' ')} end`;

const change = (place: string): string => `sum(case when to_place = '${place}' then quantity when from_place = '${place}' then -quantity else 0 end)`;
const batch = (row: string): string => `${row}.restaurant_id || ' ' || ${row}.stock_item_id || ' ' || ${row}.batch_id`;
const LINES = `
  select r.restaurant_id, r.order_id, r.status, (l ->> 'stockItemId')::uuid as stock_item_id, (l ->> 'batchId')::uuid as batch_id, (l ->> 'quantity')::bigint as quantity
    from inventory.reservations r cross join lateral jsonb_array_elements(r.lines) as l`;

/** What is in both, row by row and as often; what is only on one side is told of with the side. */
const sameRows = (left: string, leftName: string, right: string, rightName: string): string => `
  select x.culprit, 'only in ${leftName}: ' || x.detail as detail from ((${left}) except all (${right})) as x (culprit, detail)
  union all
  select x.culprit, 'only in ${rightName}: ' || x.detail from ((${right}) except all (${left})) as x (culprit, detail)`;
const said = (quantity: string, places: string): string => `${quantity} || ' of ' || stock_item_id || ' ' || batch_id || ' ' || ${places}`;

const BALANCES: readonly Invariant[] = [
  {
    id: 'stock-is-never-below-zero',
    promise: 'Nothing on a shelf and nothing held is below zero',
    sql: `select ${batch('b')} as culprit, 'shelf ' || b.shelf || ', held ' || b.held as detail from inventory.balances b where b.shelf < 0 or b.held < 0`,
  },
  {
    id: 'stock-is-its-movements',
    promise: 'Every balance is the sum of its movements, and every movement is in a balance',
    sql: `
      select ${batch('x')} as culprit,
             'shelf ' || coalesce(b.shelf, 0) || ', held ' || coalesce(b.held, 0) || '; moved ' || coalesce(m.shelf, 0) || ' and ' || coalesce(m.held, 0) as detail
        from inventory.balances b
        full join (select restaurant_id, stock_item_id, batch_id, ${change('shelf')} as shelf, ${change('held')} as held
                     from inventory.movements group by restaurant_id, stock_item_id, batch_id) m using (restaurant_id, stock_item_id, batch_id)
        cross join lateral (select restaurant_id, stock_item_id, batch_id) x
       where coalesce(b.shelf, 0) <> coalesce(m.shelf, 0) or coalesce(b.held, 0) <> coalesce(m.held, 0)`,
  },
  {
    id: 'stock-held-is-reserved',
    promise: 'What is held of a batch is what its reservations hold',
    sql: `
      select ${batch('x')} as culprit, 'held ' || coalesce(b.held, 0) || ', reserved ' || coalesce(h.quantity, 0) as detail
        from inventory.balances b
        full join (select restaurant_id, stock_item_id, batch_id, sum(quantity) as quantity
                     from (${LINES}) as lines where status = 'held' group by restaurant_id, stock_item_id, batch_id) h using (restaurant_id, stock_item_id, batch_id)
        cross join lateral (select restaurant_id, stock_item_id, batch_id) x
       where coalesce(b.held, 0) <> coalesce(h.quantity, 0)`,
  },
  {
    id: 'stock-is-of-known-items',
    promise: 'Every balance and every movement is of an item that is stocked',
    sql: `
      select ${batch('b')} as culprit, 'a balance of an unknown item' as detail
        from inventory.balances b left join inventory.stock_items i on i.restaurant_id = b.restaurant_id and i.id = b.stock_item_id where i.id is null
      union all
      select m.id::text, 'a movement of an unknown item'
        from inventory.movements m left join inventory.stock_items i on i.restaurant_id = m.restaurant_id and i.id = m.stock_item_id where i.id is null`,
  },
];

const RESERVATIONS: readonly Invariant[] = [
  {
    id: 'holds-have-live-orders',
    promise: 'Only orders that go on hold stock, and those that reserved it still hold it',
    sql: `
      select r.order_id::text as culprit, 'the reservation is ' || r.status || ', the order ' || coalesce(o.status, 'does not exist') as detail
        from inventory.reservations r left join ordering.orders o on o.id = r.order_id
       where o.id is null or (r.status = 'held') = (o.status in ${FINAL_ORDERS})`,
  },
  {
    id: 'reservations-end-once',
    promise: 'Every reservation stands where its events left it: held by the first, ended by the second, and never again',
    sql: `
      select r.order_id::text as culprit,
             r.status || ' v' || r.version || '; the log has ' || e.events || ' events up to v' || coalesce(e.version, 0) || ', ended ' || coalesce(e.outcomes, 'never') as detail
        from inventory.reservations r
        cross join lateral (select count(*) as events, max(version) as version, string_agg(data ->> 'outcome', ', ' order by version) as outcomes
                              from platform.events where stream = 'reservation:' || r.order_id) e
       where e.version is distinct from r.version or e.events <> case r.status when 'held' then 1 else 2 end
          or e.outcomes is distinct from nullif(r.status, 'held')
      union all
      select e.stream, 'the log tells of it, and there is no such reservation'
        from platform.events e
       where e.stream like 'reservation:%' and e.version = 1
         and not exists (select 1 from inventory.reservations r where r.restaurant_id = e.restaurant_id and r.order_id = (e.data ->> 'orderId')::uuid)`,
  },
  {
    id: 'reservations-move-their-lines',
    promise: 'What orders moved to held, and from there to where they ended, is what their reservations say, line by line',
    sql: sameRows(
      `select order_id::text, ${said('quantity', `'shelf to held'`)} from (${LINES}) as r
       union all
       select order_id::text, ${said('quantity', `'held to ' || ${goesTo}`)} from (${LINES}) as r where status <> 'held'`,
      'the reservation',
      `select document_id::text, ${said('quantity', `from_place || ' to ' || to_place`)} from inventory.movements where kind = 'order'`,
      'the ledger',
    ),
  },
];

const LOG: readonly Invariant[] = [
  {
    id: 'entries-are-in-the-ledger',
    promise: 'Every entry the log tells of is in the ledger, line by line, and no other',
    sql: sameRows(
      `select e.data ->> 'documentId', ${said('quantity', `(e.data ->> 'from') || ' to ' || (e.data ->> 'to')`)}
         from platform.events e
         cross join lateral jsonb_array_elements(e.data -> 'lines') as l
         cross join lateral (select l ->> 'stockItemId' as stock_item_id, l ->> 'batchId' as batch_id, l ->> 'quantity' as quantity) as line
        where e.type = 'inventory.stock_moved'`,
      'the log',
      `select document_id::text, ${said('quantity', `from_place || ' to ' || to_place`)} from inventory.movements where kind <> 'order'`,
      'the ledger',
    ),
  },
  {
    id: 'stockroom-is-its-events',
    promise: 'Every stock item, recipe and alert stands where its last event left it, at the version of its stream',
    sql: `
      select x.stream as culprit, 'row v' || x.version || ' ' || x.state || '; log v' || coalesce(e.version, 0) || ' ' || coalesce(e.state, '') as detail
        from (select 'stock_item:' || id as stream, version, name as state from inventory.stock_items
              union all select 'recipe:' || sellable_id, version, counts_down || ' ' || lines from inventory.recipes
              union all select 'stock_alert:' || stock_item_id, version, level from inventory.stock_alerts) x
        left join lateral (
          select version, case split_part(stream, ':', 1) when 'stock_item' then data ->> 'name'
                                                          when 'recipe' then (data ->> 'countsDown') || ' ' || (data -> 'lines')
                                                          else case type when 'inventory.stock_recovered' then 'ok' else substr(type, 17) end end as state
            from platform.events where stream = x.stream order by version desc limit 1) e on true
       where e.version is distinct from x.version or e.state is distinct from x.state`,
  },
];

export const INVENTORY_INVARIANTS: readonly Invariant[] = [...BALANCES, ...RESERVATIONS, ...LOG];
