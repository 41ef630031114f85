import { describe, expect, it } from 'vitest';
import { booksOf, postingsOf } from '#domain/payments/books.ts';
import type { ChargeFact, DisputeFact, DisputeStatus } from '#domain/payments/facts.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import { Payment, PaymentId } from '#domain/payments/payment.ts';
import { Money } from '#domain/shared/money.ts';
import { AT } from '../../support/arbitraries/payments.ts';
import { must } from '../../support/must.ts';

const AMOUNT = 10_000;

function captured(): Payment {
  const terms = {
    restaurantId: 'r',
    orderId: 'o',
    customerId: 'c',
    amount: Money.of(AMOUNT),
    currency: 'INR',
    tax: Money.of(500),
    commission: Money.of(1_000),
    openedAt: AT,
  };
  const { state } = Payment.open(PaymentId.of('p'), terms);
  const started = must(Payment.startAttempt(state, { id: 'a', processor: 'razorpay', channel: 'checkout', capture: 'automatic' }, AT)).state;
  const opened = Payment.openAttempt(started, 'a', { providerOrderId: 'order_1', linkId: null, url: null }, AT).state;
  const charge: ChargeFact = {
    kind: 'charge',
    chargeId: 'pay_1',
    providerOrderId: 'order_1',
    status: 'captured',
    amount: AMOUNT,
    currency: 'INR',
    instrument: null,
    fee: 236,
    feeTax: 36,
    failure: null,
    at: AT,
  };
  return applyFacts(opened, [charge], AT).state;
}

const dispute = (status: DisputeStatus, deducted: number): DisputeFact => ({
  kind: 'dispute',
  disputeId: 'disp_1',
  chargeId: 'pay_1',
  amount: 4_000,
  currency: 'INR',
  deducted,
  status,
  phase: 'chargeback',
  reason: 'fraud',
  respondBy: null,
  at: AT,
});

function* permutations<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    for (const rest of permutations(items.filter((_, j) => j !== i))) yield [item, ...rest];
  }
}

describe.each<[DisputeStatus, number, number]>([
  ['open', 4_000, 0],
  ['under_review', 4_000, 0],
  ['won', 0, 0],
  ['closed', 0, 0],
  ['lost', 0, 4_000],
])('a dispute that came to be %s', (last, held, lost) => {
  const ways = ['open', 'under_review'] as const;
  const told = last === 'open' ? ['open' as const] : last === 'under_review' ? ways : [...ways, last];

  it('holds back, or has cost, the same in whatever order and however often it was told of', () => {
    const orders = [...permutations([...told, last])];
    for (const order of orders) {
      const before = captured();
      const facts = order.map((status) => dispute(status, 4_000));
      const { state, events } = applyFacts(before, facts, AT);
      const books = booksOf(state);
      expect([books.get('disputes:held') ?? 0, books.get('disputes:lost') ?? 0]).toEqual([held, lost]);
      expect(books.get('clearing:razorpay')).toBe(AMOUNT - 236 - held - lost);
      expect([...books.values()].reduce((sum, amount) => sum + amount, 0)).toBe(0);
      const posted = postingsOf(before, events).flatMap(({ entries }) => entries);
      expect(posted.filter(({ account }) => account === 'disputes:lost').reduce((sum, { amount }) => sum + amount, 0)).toBe(lost);
    }
    expect(orders.length).toBeGreaterThan(0);
  });
});
