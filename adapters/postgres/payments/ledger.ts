import type { Ledger } from '#application/payments/ports.ts';
import type { Ids } from '#application/shared/ports.ts';
import { Posting } from '#domain/payments/books.ts';
import { timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

// Balances are locked in the order of their accounts, and last of all: every payment of a restaurant wants the same ones.
const POST = `
  with entry as (
    select * from jsonb_to_recordset($2::jsonb)
      as e (id uuid, account text, currency text, debit bigint, credit bigint, kind text, source text, sequence int, at timestamptz)
  ), written as (
    insert into payments.ledger_entries (restaurant_id, id, account, currency, debit, credit, kind, source, sequence, at)
    select $1::uuid, id, account, currency, debit, credit, kind, source, sequence, at from entry
    on conflict do nothing
    returning account, currency, debit, credit
  )
  insert into payments.ledger_balances as b (restaurant_id, account, currency, debit, credit)
  select $1::uuid, account, currency, sum(debit), sum(credit) from written group by account, currency order by account, currency
  on conflict (restaurant_id, account, currency) do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit`;

export const postgresLedger = ({ sql }: PostgresTx, ids: Ids): Ledger => ({
  async post(postings) {
    for (const [restaurantId, ofRestaurant] of Map.groupBy(postings, (posting) => posting.restaurantId)) {
      const entries = ofRestaurant.flatMap(Posting.lines).map((line) => ({ ...line, id: ids.next(), at: timestamp(line.at) }));
      await sql(POST, [restaurantId, JSON.stringify(entries)]);
    }
  },
});
