import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { booksOf, postingsOf } from '#domain/payments/books.ts';
import type { ChargeFact } from '#domain/payments/facts.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import { Payment } from '#domain/payments/payment.ts';
import { amountOfLines } from '#domain/payments/refunded-lines.ts';
import { Refunding } from '#domain/payments/refunding.ts';
import { takeShares } from '#domain/payments/shares.ts';
import { Money } from '#domain/shared/money.ts';
import { AT, opened } from '../../support/arbitraries/payments.ts';
import { must } from '../../support/must.ts';

const charge = (payment: Payment, chargeId: string, amount = payment.amount as number): ChargeFact => ({
  kind: 'charge',
  chargeId,
  providerOrderId: 'order_1',
  status: 'captured',
  amount,
  currency: 'INR',
  instrument: null,
  fee: null,
  feeTax: null,
  failure: null,
  at: AT,
});
const captured = opened.map((payment) => applyFacts(payment, [charge(payment, 'pay_1')], AT).state);

type Move = { readonly ask: number | null } | { readonly settle: number; readonly as: 'processed' | 'failed' };
const moves = fc.array(
  fc.oneof(
    fc.record({ ask: fc.option(fc.integer({ min: -5, max: 600_000 })) }),
    fc.record({ settle: fc.nat(9), as: fc.constantFrom('processed' as const, 'failed' as const) }),
  ),
  { maxLength: 20 },
);

function play(start: Payment, story: readonly Move[]): readonly Payment[] {
  let n = 0;
  const states = [start];
  for (const move of story) {
    const payment = states.at(-1) as Payment;
    if ('ask' in move) {
      const asked = Refunding.request(payment, { id: `r${++n}`, amount: move.ask, reason: 'requested', note: null, lines: [] }, AT);
      if (asked.ok) states.push(asked.value.state);
      continue;
    }
    const refund = payment.refunds[move.settle];
    if (!refund) continue;
    const { id: refundId, chargeId, amount } = refund;
    // A provider gives back no more than it took, whatever it said before.
    const gone = payment.refunds.filter(({ status }) => status === 'processed').reduce((sum, one) => sum + one.amount, 0);
    if (move.as === 'processed' && refund.status !== 'processed' && gone + amount > payment.amount) continue;
    const fact = {
      kind: 'refund',
      providerRefundId: `rfnd_${refundId}`,
      chargeId,
      amount,
      currency: 'INR',
      status: move.as,
      refundId,
      at: AT,
    } as const;
    states.push(applyFacts(payment, [fact], AT).state);
  }
  return states;
}

describe('refunds', () => {
  it('never give back more than was taken, whatever is asked and whatever comes of it', () => {
    fc.assert(
      fc.property(captured, moves, (payment, story) => {
        for (const state of play(payment, story)) {
          const { refunded, refundedElsewhere, reserved, captured: taken } = Payment.standing(state);
          expect(refunded).toBeLessThanOrEqual(taken);
          expect(refunded - refundedElsewhere + reserved).toBeLessThanOrEqual(taken);
          expect(() => Payment.check(state)).not.toThrow();
        }
      }),
    );
  });

  it('take back from everybody no more than their share, and leave nothing once all is given back', () => {
    fc.assert(
      fc.property(captured, moves, (payment, story) => {
        for (const state of play(payment, story)) {
          const books = booksOf(state);
          expect([...books.values()].reduce((sum, amount) => sum + amount, 0)).toBe(0);
          // While what was given up has come through, its successor waits to be refused.
          if (state.refunds.some(({ wasGivenUp }) => wasGivenUp)) continue;
          for (const account of ['restaurant:payable', 'tax:output', 'commission']) expect(books.get(account) ?? 0, account).toBeLessThanOrEqual(0);
          const { refunded, captured: taken } = Payment.standing(state);
          if (refunded === taken) expect([...books].filter(([, amount]) => amount !== 0)).toEqual([]);
        }
      }),
    );
  });

  it('are refused when they are nothing, less than nothing or too much, and change nothing then', () => {
    fc.assert(
      fc.property(captured, fc.integer({ min: -1_000_000, max: 0 }), fc.integer({ min: 1, max: 1_000_000 }), (payment, tooLittle, over) => {
        for (const amount of [tooLittle, payment.amount + over]) {
          const asked = Refunding.request(payment, { id: 'r1', amount, reason: 'requested', note: null, lines: [] }, AT);
          expect(asked).toMatchObject({ ok: false, error: { code: 'payments.refund_too_large', refundable: payment.amount } });
        }
      }),
    );
  });
});

describe('what is owed without being asked', () => {
  it('is all that is here when the order is over, and nothing once it is on its way', () => {
    fc.assert(
      fc.property(captured, moves, fc.constantFrom('late' as const, 'cancelled' as const), (payment, story, ending) => {
        const state = play(payment, story).at(-1) as Payment;
        const owed = Refunding.duties(state, ending);
        const { captured: taken, refunded, reserved } = Payment.standing(state);
        // One that was given up and came through after all may leave another on its way too many: nothing more is owed then.
        expect(owed.reduce((sum, { amount }) => sum + (amount ?? 0), 0)).toBe(Math.max(0, taken - refunded - reserved));
        const given = owed.reduce(
          (before, duty, i) => must(Refunding.request(before, { ...duty, id: `d${i}`, note: null, lines: [] }, AT)).state,
          state,
        );
        expect(Refunding.duties(given, ending)).toEqual([]);
      }),
    );
  });

  it('is a second payment, whole; what it cost the first time stays', () => {
    fc.assert(
      fc.property(captured, (payment) => {
        const twice = applyFacts(payment, [charge(payment, 'pay_2')], AT).state;
        expect(Refunding.duties(twice, undefined)).toEqual([{ chargeId: 'pay_2', amount: payment.amount, reason: 'duplicate' }]);
        expect(Refunding.duties(payment, undefined)).toEqual([]);
      }),
    );
  });

  it('is what was paid on top', () => {
    fc.assert(
      fc.property(opened, fc.integer({ min: 1, max: 10_000 }), (payment, more) => {
        const state = applyFacts(payment, [charge(payment, 'pay_1', payment.amount + more)], AT).state;
        expect(Payment.isPaid(state)).toBe(true);
        expect(Refunding.duties(state, undefined)).toEqual([{ chargeId: 'pay_1', amount: more, reason: 'surplus' }]);
      }),
    );
  });

  it('money of another currency pays for nothing and goes back', () => {
    fc.assert(
      fc.property(opened, (payment) => {
        const { state, events } = applyFacts(payment, [{ ...charge(payment, 'pay_1'), currency: 'USD' }], AT);
        expect(Payment.isPaid(state)).toBe(false);
        expect(Refunding.duties(state, undefined)).toMatchObject([{ chargeId: 'pay_1', amount: payment.amount }]);
        expect(postingsOf(payment, events)).toHaveLength(1);
      }),
    );
  });
});

describe('shares', () => {
  it('are taken in proportion, none beyond what is left of it, and all of them by who takes all', () => {
    const shares = fc.record({ restaurant: fc.nat(1_000_000), tax: fc.nat(100_000), commission: fc.nat(100_000) });
    fc.assert(
      fc.property(shares, fc.float({ min: 0, max: 1, noNaN: true }), ({ restaurant, tax, commission }, part) => {
        const left = { restaurant: Money.of(restaurant), tax: Money.of(tax), commission: Money.of(commission) };
        const whole = restaurant + tax + commission;
        const amount = Math.floor(whole * part);
        const taken = takeShares(left, Money.of(amount));
        expect(taken.restaurant + taken.tax + taken.commission).toBe(amount);
        for (const share of ['restaurant', 'tax', 'commission'] as const) {
          expect(taken[share]).toBeGreaterThanOrEqual(0);
          expect(taken[share]).toBeLessThanOrEqual(left[share]);
        }
        expect(takeShares(left, Money.of(whole))).toEqual(left);
      }),
    );
  });
});

describe('portions given back', () => {
  it('cost what they cost together, in however many pieces', () => {
    const line = fc.record({ quantity: fc.integer({ min: 1, max: 20 }), total: fc.nat(100_000) });
    fc.assert(
      fc.property(captured, line, fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 20 }), (payment, paid, pieces) => {
        let state: Pick<Payment, 'refunds'> = payment;
        let [given, amount] = [0, 0];
        for (const [i, quantity] of pieces.entries()) {
          const asked = amountOfLines(state as Payment, [paid], [{ line: 0, quantity }]);
          if (!asked.ok) {
            expect(given + quantity).toBeGreaterThan(paid.quantity);
            continue;
          }
          given += quantity;
          amount += asked.value;
          const refund = { id: `r${i}`, lines: [{ line: 0, quantity }], status: 'processed' } as unknown as Payment['refunds'][number];
          state = { refunds: [...state.refunds, refund] };
        }
        expect(given).toBeLessThanOrEqual(paid.quantity);
        if (given === paid.quantity) expect(amount).toBe(paid.total);
      }),
    );
  });
});
