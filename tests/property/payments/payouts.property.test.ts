import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRANSFER_STATUSES, type TransferFact } from '#domain/payments/facts.ts';
import { PAYOUT_NEXT, PAYOUT_STATUSES, Payout, PayoutId, type PayoutStatus } from '#domain/payments/payout.ts';
import { booksOfPayout, postingsOfPayout } from '#domain/payments/settlement/payout-books.ts';
import { AT } from '../../support/arbitraries/payments.ts';
import { must } from '../../support/must.ts';

const ID = PayoutId.of('019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a80');
const RESTAURANT = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';
const wanted = { restaurantId: RESTAURANT, processor: 'razorpay', account: 'acc_1', currency: 'INR', requestedAt: AT };
const requested = fc.integer({ min: 1, max: 5_000_000 }).map((amount) => must(Payout.request(ID, { ...wanted, amount }, amount)));

const transferOf = (payout: Payout, id: string): fc.Arbitrary<TransferFact> =>
  fc.record({
    kind: fc.constant('transfer' as const),
    providerTransferId: fc.constant(id),
    chargeId: fc.constant(null),
    account: fc.constant('acc_1'),
    amount: fc.constantFrom<number>(payout.amount, payout.amount + 1),
    reversed: fc.oneof(fc.constant(0), fc.nat(payout.amount)),
    currency: fc.constant('INR'),
    status: fc.constantFrom(...TRANSFER_STATUSES),
    payoutId: fc.constantFrom<string | null>(ID, ID, 'another'),
    at: fc.integer({ min: AT, max: AT + 86_400_000 }),
  });
/** All that is told of a payout: mostly of one transfer, now and then of a second one under its name. */
const story = requested.chain((request) =>
  fc
    .array(fc.oneof({ weight: 4, arbitrary: transferOf(request.state, 'trf_1') }, { weight: 1, arbitrary: transferOf(request.state, 'trf_2') }), {
      maxLength: 8,
    })
    .map((facts) => ({ payout: request.state, facts })),
);
const shuffled = story.chain(({ payout, facts }) =>
  fc
    .record({ order: fc.shuffledSubarray(facts, { minLength: facts.length }), again: fc.subarray(facts) })
    .map(({ order, again }) => ({ payout, facts, other: [...order, ...again] })),
);
/** A transfer without our note is ours once one with it was told; before that it is nobody's. So it is told first here. */
const known = (payout: Payout): Payout =>
  ['trf_1', 'trf_2'].reduce(
    (state, providerTransferId) =>
      Payout.observe(
        state,
        [
          {
            kind: 'transfer',
            providerTransferId,
            chargeId: null,
            account: 'acc_1',
            amount: payout.amount,
            reversed: 0,
            currency: 'INR',
            status: 'created',
            payoutId: ID,
            at: AT,
          },
        ],
        AT,
      ).state,
    payout,
  );
const tell = (payout: Payout, facts: readonly TransferFact[]): Payout =>
  facts.reduce((state, fact) => Payout.observe(state, [fact], AT).state, payout);
const sum = (books: ReadonlyMap<string, number>): number => [...books.values()].reduce((total, amount) => total + amount, 0);

describe('payouts', () => {
  it('come to the same whatever the order of what is told, and however often', () => {
    fc.assert(
      fc.property(shuffled, fc.boolean(), ({ payout, facts, other }, isRefused) => {
        const from = known(payout);
        const refusal = { code: 'NO', description: 'no' };
        const one = tell(from, facts);
        const refusedLast = isRefused ? Payout.refuse(one, refusal, AT).state : one;
        const refusedFirst = tell(isRefused ? Payout.refuse(from, refusal, AT).state : from, other);
        expect(refusedFirst).toEqual(refusedLast);
        expect(Payout.statusOf(refusedFirst)).toBe(Payout.statusOf(refusedLast));
        expect(Payout.observe(one, facts, AT).events).toEqual([]);
      }),
    );
  });

  it('keep books that sum to zero, and every posting of theirs does', () => {
    fc.assert(
      fc.property(story, ({ payout, facts }) => {
        const { state, events } = Payout.observe(payout, facts, AT);
        expect(sum(booksOfPayout(state))).toBe(0);
        const first = must(Payout.request(ID, { ...wanted, amount: payout.amount }, payout.amount)).events;
        const postings = [...postingsOfPayout(payout, first), ...postingsOfPayout({ ...payout, version: 1 }, events)];
        for (const { entries } of postings) expect(entries.reduce((total, { amount }) => total + amount, 0)).toBe(0);
        expect(new Set(postings.map(({ sequence }) => sequence)).size).toBe(postings.length);
        const posted = new Map<string, number>();
        for (const { account, amount } of postings.flatMap(({ entries }) => entries)) posted.set(account, (posted.get(account) ?? 0) + amount);
        for (const [account, amount] of booksOfPayout(state)) expect(posted.get(account) ?? 0).toBe(amount);
      }),
    );
  });

  it('take from what is owed exactly what has gone and what may still go', () => {
    fc.assert(
      fc.property(story, ({ payout, facts }) => {
        const state = tell(payout, facts);
        const [status, moved] = [Payout.statusOf(state), Payout.moved(state)];
        const owed = booksOfPayout(state).get('restaurant:payable');
        if (status === 'reserved' || status === 'processing') expect([owed, moved]).toEqual([payout.amount, 0]);
        else expect(owed).toBe(moved);
        if (status === 'failed' || status === 'reversed') expect(moved).toBe(0);
      }),
    );
  });

  it('move along the table while one transfer is told of, and reach every state', () => {
    const reached = new Set<PayoutStatus>();
    fc.assert(
      fc.property(story, ({ payout, facts }) => {
        let state = payout;
        reached.add(Payout.statusOf(state));
        for (const fact of facts.filter(({ providerTransferId }) => providerTransferId === 'trf_1')) {
          const { state: next, events } = Payout.observe(state, [fact], AT);
          const [before, after] = [Payout.statusOf(state), Payout.statusOf(next)];
          if (before !== after) expect(PAYOUT_NEXT[before]).toContain(after);
          for (const event of events) expect(event).toMatchObject({ before, status: after });
          reached.add(after);
          state = next;
        }
      }),
      { numRuns: 500 },
    );
    expect([...reached].sort()).toEqual([...PAYOUT_STATUSES].sort());
  });

  it('are the fold of their events', () => {
    fc.assert(
      fc.property(story, ({ payout, facts }) => {
        const first = must(Payout.request(ID, { ...wanted, amount: payout.amount }, payout.amount));
        const { state, events } = Payout.observe(payout, facts, AT);
        expect(Payout.fold(ID, [...first.events, ...events])).toEqual({ ...state, version: 1 + events.length });
      }),
    );
  });

  it('are never for more than there is, nor for nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 1_000 }), fc.option(fc.integer({ min: -10, max: 1_100 })), (payable, amount) => {
        const change = Payout.request(ID, { ...wanted, amount }, payable);
        expect(change.ok).toBe(payable > 0 && (amount === null || (amount > 0 && amount <= payable)));
        if (!change.ok) return;
        expect(change.value.state.amount).toBeGreaterThan(0);
        expect(change.value.state.amount).toBeLessThanOrEqual(payable);
      }),
    );
  });
});
