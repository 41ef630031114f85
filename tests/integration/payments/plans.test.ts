import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresPaymentQueries } from '#adapters/postgres/payments/queries.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';
import type { PaymentQueries } from '#application/payments/ports.ts';
import type { Database } from '#composition/database.ts';
import { OrderId } from '#domain/ordering/order.ts';
import { PaymentId } from '#domain/payments/payment.ts';
import { freshDatabase, SQL_PROFILES } from '../../support/profiles.ts';
import { rowsRead } from '../../support/rows-read.ts';

const RESTAURANT = '00000000-0000-7000-8000-000000000001';
const OLD = '00000000-0000-7000-9000-000000000064';
const id = (n: string) => `('00000000-0000-7000-9000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

describe.each(SQL_PROFILES)('the plans of payments on %s', (profile) => {
  let database: Database;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    orm = database.store.orm;
    const sql = sqlOf(orm.em.fork());
    const restaurant = `('00000000-0000-7000-8000-' || lpad((n % 2)::text, 12, '0'))::uuid`;
    const due = `case n % 1000 when 0 then now() - interval '1 hour' end`;
    await sql(`
      insert into payments.payments (id, restaurant_id, order_id, customer_id, status, amount, currency, captured, refunded,
                                     refunded_elsewhere, refund_reserved, fees, opened_at, next_check_at, state, version)
      select ${id('n')}, ${restaurant}, ${id('n + 100000')}, gen_random_uuid(), case n % 50 when 1 then 'pending' else 'captured' end, 100, 'INR',
             case n % 50 when 1 then 0 else 100 end, 0, 0, 0, 0, now(), ${due}, '{}', 3 from generate_series(1, 20000) n`);
    await sql(`
      insert into payments.operations (id, kind, processor, restaurant_id, subject_id, target_id, status, tries, due_at, last_error, planned_at, version)
      select 'capture:' || n, 'capture', 'razorpay', ${restaurant}, ${id('n')}, 'x', 'succeeded', 1, ${due}, null, now(), 2 from generate_series(1, 20000) n`);
    await sql(`
      insert into payments.ledger_entries (restaurant_id, id, account, currency, debit, credit, kind, source, sequence, at)
      select ${restaurant}, ${id('2 * n + side')}, case when n % 500 = 1 then case side when 0 then 'disputes' else 'fees' end
                                                        else case side when 0 then 'bank' else 'clearing' end end,
             'INR', (1 - side) * 100, side * 100, 'x', 'payment:' || n, 1, now() from generate_series(1, 10000) n, generate_series(0, 1) side`);
    await sql('vacuum analyze payments.payments, payments.operations, payments.ledger_entries');
  });
  afterAll(() => database?.close());

  it.each<[string, number, (queries: PaymentQueries) => Promise<unknown>]>([
    ['a page of all', 42, (queries) => queries.forRestaurant(RESTAURANT, {}, { limit: 20 })],
    ['a page deep in the past', 70, (queries) => queries.forRestaurant(RESTAURANT, {}, { limit: 20, after: OLD })],
    ['what is rare', 42, (queries) => queries.forRestaurant(RESTAURANT, { status: 'pending' }, { limit: 20 })],
    ['what no payment is', 0, (queries) => queries.forRestaurant(RESTAURANT, { status: 'voided' }, { limit: 20 })],
    ['one', 1, (queries) => queries.find(PaymentId.of(OLD))],
    ['that of an order', 1, (queries) => queries.ofOrder(OrderId.of('00000000-0000-7000-9000-0000000186a1'))],
    ['a page of the ledger', 42, (queries) => queries.ledger(RESTAURANT, undefined, { limit: 20 })],
    ['a page of a rare account', 63, (queries) => queries.ledger(RESTAURANT, 'disputes', { limit: 20 })],
    ['an account without entries', 0, (queries) => queries.ledger(RESTAURANT, 'restaurant:payable', { limit: 20 })],
    ['what has to be looked at', 20, (queries) => queries.dueChecks(Date.now(), 20)],
    ['what has to be asked of a provider', 20, (queries) => queries.dueOperations(Date.now(), 20)],
  ])('read %s and no more', async (_what, most, ask) => {
    expect(await rowsRead(orm, (sql) => ask(postgresPaymentQueries(sql)))).toBeLessThanOrEqual(most);
  });
});
