import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { booksOf, postingsOf } from '#domain/payments/books.ts';
import type { ProviderFact } from '#domain/payments/facts.ts';
import { NOTHING_OBSERVED, observe } from '#domain/payments/observed.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import { Payment } from '#domain/payments/payment.ts';
import { AT, factsAbout, opened } from '../../support/arbitraries/payments.ts';

const story = opened.chain((payment) => factsAbout(payment).map((facts) => ({ payment, facts })));
const shuffled = story.chain(({ payment, facts }) =>
  fc
    .record({ order: fc.shuffledSubarray([...facts], { minLength: facts.length }), again: fc.subarray([...facts]), cut: fc.nat(facts.length) })
    .map(({ order, again, cut }) => ({ payment, facts, other: [...order.slice(0, cut), ...again, ...order.slice(cut), ...again] })),
);
const joined = (facts: readonly ProviderFact[]) => facts.reduce(observe, NOTHING_OBSERVED);

describe('facts', () => {
  it('join to the same, in any order and however often they are told', () => {
    fc.assert(
      fc.property(shuffled, ({ facts, other }) => {
        expect(joined(other)).toEqual(joined(facts));
      }),
    );
  });

  it('associate: what is joined by parts is what is joined at once', () => {
    fc.assert(
      fc.property(story, fc.nat(14), ({ facts }, cut) => {
        const [left, right] = [joined(facts.slice(0, cut)), joined(facts.slice(cut))];
        const parts = [...Object.values(right.charges), ...Object.values(right.refunds), ...Object.values(right.disputes)];
        expect(parts.reduce(observe, left)).toEqual(joined(facts));
      }),
    );
  });

  it('say nothing the second time', () => {
    fc.assert(
      fc.property(story, ({ payment, facts }) => {
        const once = applyFacts(payment, facts, AT).state;
        expect(applyFacts(once, facts, AT)).toEqual({ state: once, events: [] });
      }),
    );
  });

  it('bring a payment to the same standing and the same books, whatever their order and however they are delivered', () => {
    fc.assert(
      fc.property(shuffled, ({ payment, facts, other }) => {
        const atOnce = applyFacts(payment, facts, AT).state;
        const oneByOne = other.reduce((state, fact) => applyFacts(state, [fact], AT).state, payment);
        expect(oneByOne.observed).toEqual(atOnce.observed);
        expect(Payment.standing(oneByOne)).toEqual(Payment.standing(atOnce));
        expect(Payment.statusOf(oneByOne)).toBe(Payment.statusOf(atOnce));
        const clearing = (state: Payment) => booksOf(state).get('clearing:razorpay') ?? 0;
        expect(clearing(oneByOne)).toBe(clearing(atOnce));
      }),
    );
  });

  it('never lose a status: nothing that is told later takes a capture back', () => {
    fc.assert(
      fc.property(story, ({ payment, facts }) => {
        let state = payment;
        for (const fact of facts) {
          const before = Payment.standing(state).captured;
          state = applyFacts(state, [fact], AT).state;
          expect(Payment.standing(state).captured).toBeGreaterThanOrEqual(before);
        }
      }),
    );
  });
});

describe('the events of a payment', () => {
  it('rebuild it', () => {
    fc.assert(
      fc.property(story, ({ payment, facts }) => {
        const { state, events } = applyFacts(payment, facts, AT);
        expect(events.reduce(Payment.evolve, payment)).toEqual(state);
      }),
    );
  });

  it('are booked so that every posting balances, and all of them together are the books of the payment', () => {
    fc.assert(
      fc.property(story, ({ payment, facts }) => {
        const { state, events } = applyFacts(payment, facts, AT);
        const postings = postingsOf(payment, events);
        const sums = new Map<string, number>();
        for (const { entries } of postings) {
          expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
          for (const { account, amount } of entries) sums.set(account, (sums.get(account) ?? 0) + amount);
        }
        const books = [...booksOf(state)].filter(([, amount]) => amount !== 0).sort();
        expect([...sums].filter(([, amount]) => amount !== 0).sort()).toEqual(books);
        expect(new Set(postings.map(({ source, sequence }) => `${source}/${sequence}`)).size).toBe(postings.length);
      }),
    );
  });
});
