import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookRow } from '#domain/payments/facts.ts';
import { BookRows, type KnownRow } from '#domain/payments/settlement/book-row.ts';
import { looksLikeCardNumber } from '#domain/payments/settlement/card-number.ts';
import { EXCEPTION_KINDS, PaymentException, RESOLUTION_ACTIONS } from '#domain/payments/settlement/exception.ts';
import { writtenOff } from '#domain/payments/settlement/write-off.ts';
import { AT } from '../../support/arbitraries/payments.ts';

const RESTAURANT = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';
const money = fc.nat(1_000_000);

const row: fc.Arbitrary<KnownRow> = fc
  .record({
    kind: fc.constantFrom('charge' as const, 'refund' as const, 'transfer' as const, 'adjustment' as const),
    amount: money,
    fee: fc.nat(5_000),
    knownFee: fc.nat(5_000),
    isSettled: fc.boolean(),
    isCredit: fc.boolean(),
  })
  .map(({ kind, amount, fee, knownFee, isSettled, isCredit }) => {
    const comes = kind === 'charge' || (kind === 'adjustment' && isCredit);
    const told: BookRow = {
      kind,
      id: 'x_1',
      chargeId: 'pay_1',
      amount,
      fee,
      feeTax: Math.round(fee / 6),
      credit: comes ? Math.max(0, amount - fee) : 0,
      debit: comes ? 0 : amount + fee,
      currency: 'INR',
      settlementId: isSettled ? 'setl_1' : null,
      utr: isSettled ? 'UTR1' : null,
      settledAt: isSettled ? AT : null,
      description: null,
      at: AT,
    };
    return { ...told, processor: 'razorpay', restaurantId: RESTAURANT, paymentId: null, payoutId: null, knownFee, knownFeeTax: 0 };
  });
const on = (account: string, known: KnownRow): number =>
  BookRows.postings(known, AT)
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry.account === account)
    .reduce((sum, { amount }) => sum + amount, 0);

describe("a provider's row", () => {
  it('books what balances', () => {
    fc.assert(
      fc.property(row, (known) => {
        for (const { entries } of BookRows.postings(known, AT)) expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
      }),
    );
  });

  it('once it is settled, leaves nothing at the provider of what we had booked of it, and brings the bank its net', () => {
    fc.assert(
      fc.property(row, (known) => {
        const comes = known.kind === 'charge' || (known.kind === 'adjustment' && known.credit > known.debit);
        const booked = (comes ? known.amount : -known.amount) - known.knownFee;
        const left = booked + on('clearing:razorpay', known);
        if (known.settlementId === null) expect([left, on('bank', known)]).toEqual([known.credit - known.debit, 0]);
        else expect([left, on('bank', known)]).toEqual([0, known.credit - known.debit]);
      }),
    );
  });

  it('learns of its settlement once, and of nothing else', () => {
    fc.assert(
      fc.property(row, row, (known, told) => {
        const once = BookRows.join(known, told);
        expect(BookRows.join(once, told)).toEqual(once);
        expect({ ...once, settlementId: null, utr: null, settledAt: null }).toEqual({ ...known, settlementId: null, utr: null, settledAt: null });
        if (known.settlementId !== null) expect(once).toEqual(known);
      }),
    );
  });

  it('of nothing of ours is in no books', () => {
    fc.assert(
      fc.property(row, (known) => {
        expect(BookRows.postings({ ...known, restaurantId: null }, AT)).toEqual([]);
      }),
    );
  });
});

describe('an exception', () => {
  const exception = fc
    .record({
      kind: fc.constantFrom(...EXCEPTION_KINDS),
      what: fc.constantFrom('charge', 'refund', 'transfer'),
      ours: fc.option(money),
      theirs: fc.option(money),
    })
    .map(
      ({ kind, what, ours, theirs }): PaymentException => ({
        id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a90',
        kind,
        processor: 'razorpay',
        reference: 'pay_1',
        restaurantId: RESTAURANT,
        paymentId: null,
        detail: { what, currency: 'INR', ours: ours === null ? null : { amount: ours }, theirs: theirs === null ? null : { amount: theirs } },
        raisedAt: AT,
        resolution: null,
        version: 1,
      }),
    );

  it('is resolved once, by what is offered for it', () => {
    fc.assert(
      fc.property(exception, fc.constantFrom(...RESOLUTION_ACTIONS), (open, action) => {
        const resolution = { action, note: 'why', by: 'account:1', at: AT };
        const resolved = PaymentException.resolve(open, resolution);
        expect(resolved.ok).toBe(PaymentException.offeredFor(open).includes(action));
        expect(PaymentException.offeredFor(open).length).toBeGreaterThan(0);
        if (!resolved.ok) return;
        expect(resolved.value.events).toMatchObject([{ type: 'payments.exception_resolved', action }]);
        expect(PaymentException.resolve(resolved.value.state, resolution)).toMatchObject({
          ok: false,
          error: { code: 'payments.exception_resolved' },
        });
      }),
    );
  });

  it('that is written off books what is gone, and it balances', () => {
    fc.assert(
      fc.property(exception, (open) => {
        const postings = writtenOff(open, AT);
        for (const { entries } of postings) expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
        if (open.kind !== 'amount_mismatch' && open.kind !== 'missing_at_provider') expect(postings).toEqual([]);
      }),
    );
  });
});

describe('the number of a card', () => {
  const digits = (length: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length });
  const luhn = (payload: readonly number[]): number => {
    const total = [...payload].reverse().reduce((sum, digit, i) => {
      const value = i % 2 === 0 ? digit * 2 : digit;
      return sum + (value > 9 ? value - 9 : value);
    }, 0);
    return (10 - (total % 10)) % 10;
  };

  it('is known whatever stands between its digits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 11, max: 18 }).chain(digits),
        fc.constantFrom('', ' ', '-', '.', 'x', ' - ', '/', '__', '\u00a0'),
        fc.constantFrom('', 'token_', 'card: ', 'abc'),
        (payload, between, before) => {
          expect(looksLikeCardNumber(before + [...payload, luhn(payload)].join(between))).toBe(true);
        },
      ),
    );
  });

  it('is not seen in the tokens of providers', () => {
    const letters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
    const token = fc.array(fc.oneof({ weight: 3, arbitrary: letters }, { weight: 1, arbitrary: fc.constantFrom(...'0123456789') }), {
      minLength: 14,
      maxLength: 14,
    });
    fc.assert(
      fc.property(token, (characters) => {
        fc.pre(characters.filter((one) => /\d/.test(one)).length < 12);
        expect(looksLikeCardNumber(`token_${characters.join('')}`)).toBe(false);
      }),
    );
  });
});
