import type { Invariant } from '../../invariant.ts';
import { KEPT } from './book-rows.ts';

/** What each payment's captured charges, paid refunds and disputes did to what lies at each processor. */
const OF_PAYMENTS = `
  select t.restaurant_id, t.currency, t.payment_id, t.processor, sum(t.amount) as amount
    from (select p.id as payment_id, p.restaurant_id, p.currency, p.state, c.key as charge_id,
                 case when c.value ->> 'status' = 'captured' then (c.value ->> 'amount')::bigint - coalesce((c.value ->> 'fee')::bigint, 0) else 0 end
                 - coalesce((select sum((r ->> 'amount')::bigint) from jsonb_array_elements(p.state -> 'refunds') r
                              where r ->> 'chargeId' = c.key and r ->> 'status' = 'processed'), 0)
                 - coalesce((select sum(case when d.value ->> 'status' = 'lost' then greatest((d.value ->> 'deducted')::bigint, (d.value ->> 'amount')::bigint)
                                             when d.value ->> 'status' in ('open', 'under_review') then (d.value ->> 'deducted')::bigint else 0 end)
                               from jsonb_each(p.state #> '{observed,disputes}') d where d.value ->> 'chargeId' = c.key), 0) as amount,
                 coalesce((select a ->> 'processor' from jsonb_array_elements(p.state -> 'attempts') a
                            where a ->> 'providerOrderId' = c.value ->> 'providerOrderId' limit 1), p.state #>> '{attempts,0,processor}') as processor
            from payments.payments p cross join lateral jsonb_each(p.state #> '{observed,charges}') c) t
   where t.processor not in ('cash', 'bank_transfer')
   group by t.restaurant_id, t.currency, t.payment_id, t.processor`;

/** What a row did besides: what the provider kept that we did not know of, and what has gone to the bank. */
const OF_ROWS = `
  select restaurant_id, currency, processor, payment_id,
         -(${KEPT} - known_fee) - case when settlement_id is null then 0 else credit - debit end as amount
    from payments.book_rows where restaurant_id is not null`;

export const SETTLEMENT_INVARIANTS: readonly Invariant[] = [
  {
    id: 'clearing-is-what-is-not-settled',
    promise: 'What lies at a provider in our books is what came, went and has not been settled',
    sql: `
      select coalesce(l.restaurant_id, t.restaurant_id) || ' ' || coalesce(l.processor, t.processor) as culprit,
             'ledger ' || coalesce(l.amount, 0) || ', not settled ' || coalesce(t.amount, 0) as detail
        from (select restaurant_id, currency, substr(account, 10) as processor, sum(debit - credit) as amount
                from payments.ledger_entries where account like 'clearing:%' and source not like 'exception:%' group by 1, 2, 3) l
        full join (select restaurant_id, currency, processor, sum(amount) as amount
                     from (select restaurant_id, currency, processor, amount from (${OF_PAYMENTS}) p
                           union all
                           select restaurant_id, currency, processor, -moved from payments.payouts
                           union all
                           select restaurant_id, currency, processor, amount from (${OF_ROWS}) r) all_of_them
                    group by 1, 2, 3) t
          on t.restaurant_id = l.restaurant_id and t.currency = l.currency and t.processor = l.processor
       where coalesce(l.amount, 0) <> coalesce(t.amount, 0)`,
  },
  {
    id: 'settled-payments-leave-nothing',
    promise: 'Of a payment whose charges and refunds have all been settled nothing lies at the provider, unless people are told of it',
    sql: `
      select p.payment_id::text as culprit, 'left at ' || p.processor || ': ' || (p.amount + coalesce(r.amount, 0)) as detail
        from (${OF_PAYMENTS}) p
        join payments.payments of_it on of_it.id = p.payment_id
        left join (select payment_id, processor, sum(amount) as amount from (${OF_ROWS}) o group by 1, 2) r
          on r.payment_id = p.payment_id and r.processor = p.processor
       where p.amount + coalesce(r.amount, 0) <> 0
         and of_it.state #> '{observed,disputes}' = '{}'::jsonb
         and not exists (select 1 from jsonb_each(of_it.state #> '{observed,charges}') c where c.value ->> 'status' = 'captured'
                            and not exists (select 1 from payments.book_rows b where b.processor = p.processor and b.kind = 'charge' and b.id = c.key
                                               and b.settlement_id is not null))
         and not exists (select 1 from jsonb_array_elements(of_it.state -> 'refunds') f where f ->> 'status' = 'processed'
                            and not exists (select 1 from payments.book_rows b where b.processor = p.processor and b.kind = 'refund'
                                               and b.id = f ->> 'providerRefundId' and b.settlement_id is not null))
         and not exists (select 1 from payments.exceptions x where x.payment_id = p.payment_id and (x.resolved_at is null or x.resolution = 'write_off'))`,
  },
  {
    id: 'settlements-reach-the-bank',
    promise: 'Every settled row of a provider is booked to the bank once, with what it brought, and nothing else is',
    sql: `
      select coalesce(e.source, 'row:' || b.processor || ':' || b.kind || ':' || b.id) as culprit,
             'bank ' || coalesce(e.amount, 0) || ', row ' || coalesce(b.amount, 0) as detail
        from (select source, sum(debit - credit) as amount from payments.ledger_entries where source like 'row:%' and account = 'bank' group by source) e
        full join (select processor, kind, id, credit - debit as amount from payments.book_rows
                    where settlement_id is not null and restaurant_id is not null and credit <> debit) b
          on e.source = 'row:' || b.processor || ':' || b.kind || ':' || b.id
       where e.amount is distinct from b.amount`,
  },
  {
    id: 'payouts-are-what-they-say',
    promise: 'The columns of every payout say what is known of its transfers',
    sql: `
      select p.id::text as culprit, p.status || ', moved ' || p.moved || ', transfers ' || coalesce(t.moved, 0) as detail
        from payments.payouts p
        left join lateral (select sum(greatest((t.value ->> 'amount')::bigint - (t.value ->> 'reversed')::bigint, 0)) filter (where t.value ->> 'status' = 'processed') as moved
                             from jsonb_each(p.state -> 'transfers') t) t on true
       where p.moved <> coalesce(t.moved, 0) or (p.status = 'processed') <> (exists (
               select 1 from jsonb_each(p.state -> 'transfers') t where t.value ->> 'status' = 'processed'))`,
  },
  {
    id: 'payouts-come-from-what-is-owed',
    promise: 'What a restaurant is owed is its share of its payments without what was paid out, and what is under way is set aside',
    sql: `
      select l.restaurant_id || ' ' || l.currency as culprit,
             'ledger ' || l.owed || ', shares ' || l.shares || ', paid ' || coalesce(p.moved, 0) || ', under way ' || coalesce(p.pending, 0) || ', set aside ' || l.pending as detail
        from (select restaurant_id, currency, coalesce(sum(credit - debit) filter (where account = 'restaurant:payable'), 0) as owed,
                     coalesce(sum(credit - debit) filter (where account = 'restaurant:payable' and source like 'payment:%'), 0) as shares,
                     coalesce(sum(credit - debit) filter (where account = 'payouts:pending'), 0) as pending
                from payments.ledger_entries group by 1, 2) l
        left join (select restaurant_id, currency, sum(moved) as moved,
                          coalesce(sum(amount) filter (where status in ('reserved', 'processing')), 0) as pending
                     from payments.payouts group by 1, 2) p on p.restaurant_id = l.restaurant_id and p.currency = l.currency
       where l.owed <> l.shares - coalesce(p.moved, 0) - coalesce(p.pending, 0) or l.pending <> coalesce(p.pending, 0)`,
  },
  {
    id: 'no-card-numbers',
    promise: 'No saved way to pay holds what looks like the number of a card',
    sql: `
      select id::text as culprit, 'twelve digits in a row' as detail from payments.saved_methods where token_id ~ '[0-9]{12}' or label ~ '[0-9]{12}'`,
  },
];
