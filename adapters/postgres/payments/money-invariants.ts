import type { Invariant } from '../invariant.ts';

/** Charges and refunds, as their payments know them. */
const CHARGES = `
  select p.id as payment_id, c.value ->> 'status' as status, (c.value ->> 'amount')::bigint as amount
    from payments.payments p cross join lateral jsonb_each(p.state #> '{observed,charges}') c`;
const REFUNDS = `
  select p.id as payment_id, r ->> 'status' as status, (r ->> 'amount')::bigint as amount,
         r ->> 'reason' = 'elsewhere' or coalesce((r ->> 'wasGivenUp')::boolean, false) as is_elsewhere
    from payments.payments p cross join lateral jsonb_array_elements(p.state -> 'refunds') r`;
const hasOpenException = (paymentId: string): string =>
  `exists (select 1 from payments.exceptions x where x.payment_id = ${paymentId} and (x.resolved_at is null or x.resolution = 'write_off'))`;

/** What the ledger says of a payment's money, and what its payment says. */
export const MONEY_INVARIANTS: readonly Invariant[] = [
  {
    id: 'postings-balance',
    promise: 'Every posting of the ledger balances, and so does the whole of it, in each currency',
    sql: `
      select source || '/' || sequence as culprit, currency || ' is off by ' || sum(debit - credit) as detail
        from payments.ledger_entries group by source, sequence, currency having sum(debit) <> sum(credit)
      union all
      select 'all of it', currency || ' is off by ' || sum(debit - credit) from payments.ledger_entries group by currency having sum(debit) <> sum(credit)`,
  },
  {
    id: 'balances-are-their-entries',
    promise: 'The balance of every account is the sum of its entries',
    sql: `
      select coalesce(b.restaurant_id, e.restaurant_id) || ' ' || coalesce(b.account, e.account) as culprit,
             'row ' || coalesce(b.debit - b.credit, 0) || ', entries ' || coalesce(e.debit - e.credit, 0) as detail
        from payments.ledger_balances b
        full join (select restaurant_id, account, currency, sum(debit) as debit, sum(credit) as credit
                     from payments.ledger_entries group by restaurant_id, account, currency) e
          on e.restaurant_id = b.restaurant_id and e.account = b.account and e.currency = b.currency
       where b.debit is distinct from e.debit or b.credit is distinct from e.credit`,
  },
  {
    id: 'captured-money-is-booked-once',
    promise: 'Every minor unit that was captured is booked to somebody exactly once',
    sql: `
      select p.id::text as culprit, 'column ' || p.captured || ', charges ' || coalesce(c.amount, 0) || ', booked ' || coalesce(e.amount, 0) as detail
        from payments.payments p
        left join (select payment_id, sum(amount) as amount from (${CHARGES}) c where status = 'captured' group by payment_id) c on c.payment_id = p.id
        left join (select source, sum(credit - debit) as amount from payments.ledger_entries
                    where kind = 'payments.charge_captured' and account in ('restaurant:payable', 'tax:output', 'commission', 'customer:unapplied')
                    group by source) e on e.source = 'payment:' || p.id
       where p.captured <> coalesce(c.amount, 0) or p.captured <> coalesce(e.amount, 0)`,
  },
  {
    id: 'refunds-stay-within',
    promise: 'What is given back, and what is set aside to be, never exceeds what was captured, and the columns say what the refunds say',
    sql: `
      select p.id::text as culprit,
             'captured ' || p.captured || ', refunded ' || p.refunded || ' of which elsewhere ' || p.refunded_elsewhere || ', set aside ' || p.refund_reserved as detail
        from payments.payments p
        left join (select payment_id, coalesce(sum(amount) filter (where status = 'processed'), 0) as done,
                          coalesce(sum(amount) filter (where status = 'processed' and is_elsewhere), 0) as elsewhere,
                          coalesce(sum(amount) filter (where status in ('reserved', 'processing')), 0) as reserved
                     from (${REFUNDS}) r group by payment_id) r on r.payment_id = p.id
       where p.refunded - p.refunded_elsewhere + p.refund_reserved > p.captured or p.refunded < 0 or p.refund_reserved < 0
          or p.refunded <> coalesce(r.done, 0) or p.refunded_elsewhere <> coalesce(r.elsewhere, 0) or p.refund_reserved <> coalesce(r.reserved, 0)`,
  },
  {
    id: 'facts-are-booked-once',
    promise: 'No charge is captured twice in the log, no refund is paid twice, and no posting is entered twice',
    sql: `
      select stream as culprit, 'charge ' || (data #>> '{charge,chargeId}') || ' captured ' || count(*) || ' times' as detail
        from platform.events where type = 'payments.charge_captured' group by stream, data #>> '{charge,chargeId}' having count(*) > 1
      union all
      select stream, 'refund ' || (data ->> 'refundId') || ' processed ' || count(*) || ' times'
        from platform.events where type = 'payments.refund_processed' group by stream, data ->> 'refundId' having count(*) > 1
      union all
      select source || '/' || sequence, account || ' entered ' || count(*) || ' times'
        from payments.ledger_entries group by source, sequence, account, currency having count(*) > 1`,
  },
  {
    id: 'paid-orders-are-paid',
    promise: 'An order that is paid online goes on only when all of it was captured, and one that waits has not been paid',
    sql: `
      select o.id::text as culprit, o.status || ', captured ' || coalesce(s.applied, 0) || ' of ' || o.total as detail
        from ordering.orders o
        left join payments.payments p on p.order_id = o.id
        left join lateral (select sum((c.value ->> 'restaurant')::bigint + (c.value ->> 'tax')::bigint + (c.value ->> 'commission')::bigint) as applied
                             from jsonb_each(p.state -> 'captures') c) s on true
       where o.facts ->> 'payment' = 'online'
         and case when o.status = 'pending' then coalesce(s.applied, 0) >= o.total and o.total > 0
                  when o.status in ('expired', 'cancelled', 'rejected') then false
                  else coalesce(s.applied, 0) < o.total end`,
  },
  {
    id: 'ended-orders-give-back',
    promise: 'An order that ended without its food keeps no money, unless people are told of it',
    sql: `
      select o.id::text as culprit, o.status || ', kept ' || (p.captured - p.refunded - p.refund_reserved) as detail
        from ordering.orders o
        join payments.payments p on p.order_id = o.id
        join lateral (select xid, position from platform.events where stream = 'order:' || o.id order by version desc limit 1) e on true
        join platform.subscribers s on s.name = 'payments-give-back' and (e.xid, e.position) <= (s.xid, s.position)
       where o.status in ('expired', 'cancelled', 'rejected') and p.captured > p.refunded + p.refund_reserved
         and not ${hasOpenException('p.id')}
         and not exists (select 1 from platform.event_retries r where r.subscriber = s.name and r.position = e.position)`,
  },
  {
    id: 'shares-are-what-is-kept',
    promise: 'Of every payment, what its restaurant, the tax, the platform and its customer are owed is what was captured and not given back',
    sql: `
      select p.id::text as culprit, 'owed ' || coalesce(e.owed, 0) || ', kept ' || (p.captured - p.refunded - p.refund_reserved) as detail
        from payments.payments p
        left join (select source, sum(credit - debit) as owed from payments.ledger_entries
                    where account in ('restaurant:payable', 'tax:output', 'commission', 'customer:unapplied') group by source) e on e.source = 'payment:' || p.id
       where coalesce(e.owed, 0) <> p.captured - p.refunded - p.refund_reserved`,
  },
  {
    id: 'nobody-pays-twice',
    promise: 'What was captured on top of what an order costs goes back, or people are told of it',
    sql: `
      select p.id::text as culprit, 'captured ' || p.captured || ' of ' || p.amount || ', gone back ' || (p.refunded + p.refund_reserved) as detail
        from payments.payments p
       where p.captured - p.refunded - p.refund_reserved > p.amount and not ${hasOpenException('p.id')}`,
  },
  {
    id: 'operations-come-to-an-end',
    promise: 'Everything asked of a provider has ended, or has a time when it goes on that is not long past',
    sql: `
      select id as culprit, status || case when due_at is null then ', and nobody goes on with it' else ', due since ' || due_at end as detail
        from payments.operations
       where status in ('planned', 'dispatched', 'unknown')
         and (due_at is null or due_at < (select max(recorded_at) from platform.events) - interval '1 hour')
      union all
      select id, status || ', and due at ' || due_at from payments.operations where status in ('succeeded', 'failed', 'cancelled') and due_at is not null`,
  },
  {
    id: 'inbox-is-dealt-with',
    promise: 'Everything a provider sent was dealt with, or waits with a reason, and not for long',
    sql: `
      select processor || ' ' || event_id as culprit, status || coalesce(': ' || detail, ', without a reason') as detail
        from payments.provider_events
       where status in ('parked', 'unmatched') and detail is null
          or status <> 'received' and settled_at is null
          or status = 'received' and due_at < (select max(recorded_at) from platform.events) - interval '1 hour'`,
  },
  {
    id: 'payments-are-their-events',
    promise: 'Every payment and every payout is at the version of its stream',
    sql: `
      select 'payment ' || p.id as culprit, 'row v' || p.version || ', log v' || coalesce(e.version, 0) as detail
        from payments.payments p
        left join lateral (select version from platform.events where stream = 'payment:' || p.id order by version desc limit 1) e on true
       where e.version is distinct from p.version
      union all
      select 'payout ' || p.id, 'row v' || p.version || ', log v' || coalesce(e.version, 0)
        from payments.payouts p
        left join lateral (select version from platform.events where stream = 'payout:' || p.id order by version desc limit 1) e on true
       where e.version is distinct from p.version`,
  },
];
