import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MONEY_INVARIANTS } from '#adapters/postgres/payments/money-invariants.ts';
import { SETTLEMENT_INVARIANTS } from '#adapters/postgres/payments/settlement/settlement-invariants.ts';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import { DAY, HOUR, MINUTE, type MoneyStage, openMoney } from '../../support/money.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';
import type { Json } from '../../support/world.ts';

class Undone extends Error {}
const ALL = [...MONEY_INVARIANTS, ...SETTLEMENT_INVARIANTS];

/** What is broken, how, and which promise must say so. */
const CASES: readonly (readonly [string, (of: { readonly paid: Json; readonly refunded: Json }) => readonly string[], string])[] = [
  [
    'a posting with one side missing',
    ({ paid }) => [`delete from payments.ledger_entries where source = 'payment:${paid.id}' and account = 'restaurant:payable'`],
    'postings-balance',
  ],
  [
    'a balance that nobody posted',
    () => [`update payments.ledger_balances set credit = credit + 1 where account = 'commission'`],
    'balances-are-their-entries',
  ],
  [
    'a captured sum that no charge explains',
    ({ paid }) => [`update payments.payments set captured = captured + 100 where id = '${paid.id}'`],
    'captured-money-is-booked-once',
  ],
  [
    'a capture booked twice',
    ({ paid }) => [
      `insert into payments.ledger_entries (restaurant_id, id, account, currency, debit, credit, kind, source, sequence, at)
         select restaurant_id, gen_random_uuid(), account, currency, debit, credit, kind, source, 900, at from payments.ledger_entries
          where source = 'payment:${paid.id}' and kind = 'payments.charge_captured'`,
    ],
    'captured-money-is-booked-once',
  ],
  [
    'more given back than was taken',
    ({ paid }) => [
      `alter table payments.payments drop constraint payments_refunds`,
      `update payments.payments set refund_reserved = captured + 1 where id = '${paid.id}'`,
    ],
    'refunds-stay-within',
  ],
  [
    'a refund that the columns do not count',
    ({ refunded }) => [`update payments.payments set refunded = 0 where id = '${refunded.id}'`],
    'refunds-stay-within',
  ],
  [
    'a charge captured twice in the log',
    ({ paid }) => [
      `insert into platform.events (id, type, stream, version, restaurant_id, data, actor, recorded_at)
         select gen_random_uuid(), type, stream, version + 900, restaurant_id, data, actor, recorded_at from platform.events
          where stream = 'payment:${paid.id}' and type = 'payments.charge_captured'`,
    ],
    'facts-are-booked-once',
  ],
  [
    'an order that goes on unpaid',
    ({ paid }) => [`update payments.payments set state = jsonb_set(state, '{captures}', '{}') where id = '${paid.id}'`],
    'paid-orders-are-paid',
  ],
  [
    'a paid order that still waits',
    ({ paid }) => [`update ordering.orders set status = 'pending' where id = '${paid.orderId}'`],
    'paid-orders-are-paid',
  ],
  [
    'an order that ended and kept the money',
    ({ paid }) => [`update ordering.orders set status = 'cancelled' where id = '${paid.orderId}'`],
    'ended-orders-give-back',
  ],
  [
    'a share that went astray',
    ({ paid }) => [`update payments.ledger_entries set account = 'bank' where source = 'payment:${paid.id}' and account = 'commission'`],
    'shares-are-what-is-kept',
  ],
  ['an order that was paid twice', ({ paid }) => [`update payments.payments set captured = 2 * amount where id = '${paid.id}'`], 'nobody-pays-twice'],
  [
    'an operation that nobody goes on with',
    () => [`update payments.operations set status = 'unknown', due_at = null where kind = 'payout'`],
    'operations-come-to-an-end',
  ],
  [
    'an operation that is long overdue',
    () => [`update payments.operations set status = 'unknown', due_at = '2026-01-01T00:00:00Z' where kind = 'refund'`],
    'operations-come-to-an-end',
  ],
  [
    'an event that was parked without a reason',
    () => [`update payments.provider_events set status = 'parked', detail = null`],
    'inbox-is-dealt-with',
  ],
  [
    'an event that nobody looks at',
    () => [`update payments.provider_events set status = 'received', due_at = '2026-01-01T00:00:00Z'`],
    'inbox-is-dealt-with',
  ],
  [
    'a payment that is ahead of its log',
    ({ paid }) => [`update payments.payments set version = version + 1 where id = '${paid.id}'`],
    'payments-are-their-events',
  ],
  ['a payout that is ahead of its log', () => [`update payments.payouts set version = version + 1`], 'payments-are-their-events'],
  [
    'money at the provider that nothing explains',
    () => [`update payments.ledger_entries set debit = debit + 1 where account = 'clearing:razorpay' and debit > 0`],
    'clearing-is-what-is-not-settled',
  ],
  [
    'a settled row that is not booked',
    () => [`delete from payments.ledger_entries where source like 'row:razorpay:charge:%'`],
    'settlements-reach-the-bank',
  ],
  ['a row settled with another sum', () => [`update payments.book_rows set credit = credit - 5 where kind = 'charge'`], 'settlements-reach-the-bank'],
  [
    'a payment that was settled with less, and nobody was told',
    ({ paid }) => [`update payments.book_rows set credit = credit - 5, amount = amount - 5 where payment_id = '${paid.id}'`],
    'settled-payments-leave-nothing',
  ],
  ['a payout that says more than its transfers', () => [`update payments.payouts set moved = moved + 1`], 'payouts-are-what-they-say'],
  [
    'a payout that is done without a transfer',
    () => [`update payments.payouts set status = 'processed' where status <> 'processed'`],
    'payouts-are-what-they-say',
  ],
  [
    'a payout that was not taken from what is owed',
    () => [`update payments.payouts set amount = amount + 1 where status = 'processing'`],
    'payouts-come-from-what-is-owed',
  ],
  [
    'the number of a card',
    () => [
      `insert into payments.saved_methods (id, account_id, processor, token_id, method, label, saved_at)
         values (gen_random_uuid(), gen_random_uuid(), 'razorpay', '4111111111111111', 'card', 'Visa', now())`,
    ],
    'no-card-numbers',
  ],
];

describe.each(SQL_PROFILES)('the promises about money on %s', (profile) => {
  let money: MoneyStage;
  let paid: Json;
  let refunded: Json;
  beforeAll(async () => {
    money = await openMoney(profile);
    await money.openAccount({ commissionBasisPoints: 1_000 }, money.admin);
    paid = (await money.till.paidOnline()).payment;
    refunded = (await money.till.paidOnline()).payment;
    await money.till.refund(refunded.id, { amount: 700 });
    await money.till.paidInCash();
    const cancelled = await money.till.paidOnline();
    await money.till.kitchen.act(cancelled.order.id, 'cancellation');
    await money.pass(HOUR);
    await money.payOut({ amount: 3_000 });
    await money.pass(MINUTE);
    const disputed = await money.till.payment((await money.till.paidOnline()).payment.id);
    money.till.provider.dispute({ payment_id: disputed.charges[0].id });
    money.till.provider.settle(60);
    await money.pass(DAY);
    await money.run('payments-import-books');
    await money.run('payments-compare-books');
    await money.till.paidOnline();
    await money.payOut({ amount: 1_000 });
    await money.settle();
  });
  afterAll(() => money.world.close());

  async function findings(ask: Sql): Promise<Record<string, readonly string[]>> {
    const found: Record<string, readonly string[]> = {};
    for (const { id, sql } of ALL) {
      const culprits = await ask<{ culprit: string; detail: string }>(`select * from (${sql}) as culprits limit 6`);
      for (const { culprit, detail } of culprits) expect([culprit, detail]).toEqual([expect.any(String), expect.any(String)]);
      if (culprits.length > 0) found[id] = culprits.map(({ culprit }) => culprit);
    }
    return found;
  }

  /** Breaks the data behind the back of every guard, asks the doctor, and takes it back. */
  async function broken(...statements: readonly string[]): Promise<readonly string[]> {
    const { store } = money.world.database;
    if (store.kind !== 'sql') throw new Error('a SQL profile');
    let found: Record<string, readonly string[]> = {};
    await store.orm.em
      .fork()
      .transactional(async (em) => {
        const ask = sqlOf(em);
        await ask('set local session_replication_role = replica');
        for (const statement of statements) await ask(statement);
        found = await findings(ask);
        throw new Undone();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Undone)) throw error;
      });
    return Object.keys(found).sort();
  }

  it('are kept, all of them, by everything that was done', async () => {
    expect(await broken()).toEqual([]);
    expect(ALL.length).toBeGreaterThan(15);
  });

  it.each(CASES)('name %s', async (_what, statements, id) => {
    expect(await broken(...statements({ paid, refunded }))).toContain(id);
  });

  it('leave no promise untried', () => {
    const tried = new Set(CASES.map(([, , id]) => id));
    expect(ALL.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });
});
