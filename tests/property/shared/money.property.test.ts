import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINOR_MAX, Money } from '#domain/shared/money.ts';
import { mulDivRound } from '#domain/shared/rounding.ts';

const amount = fc.integer({ min: -MINOR_MAX, max: MINOR_MAX }).map(Money.of);
const weights = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000_000_000 })), { minLength: 1, maxLength: 40 });

describe('allocate', () => {
  it('never loses or makes a minor unit', () => {
    fc.assert(
      fc.property(amount, weights, (total, given) => {
        expect(Money.sum(Money.allocate(total, given))).toBe(total);
      }),
    );
  });

  it('gives every part within one unit of its exact share, and nothing to a weight of zero beside others', () => {
    fc.assert(
      fc.property(amount, weights, (total, given) => {
        const whole = given.reduce((sum, weight) => sum + weight, 0);
        fc.pre(whole > 0);
        for (const [i, part] of Money.allocate(total, given).entries()) {
          const exact = (total * (given[i] as number)) / whole;
          expect(Math.abs(part - exact)).toBeLessThanOrEqual(1 + 1e-6);
          if (given[i] === 0) expect(part).toBe(0);
        }
      }),
    );
  });

  it('turns with its sign', () => {
    fc.assert(
      fc.property(amount, weights, (total, given) => {
        const mirrored = Money.allocate(Money.of(-total), given).map((part) => (part === 0 ? 0 : -part));
        expect(mirrored).toEqual(Money.allocate(total, given));
      }),
    );
  });

  it('shares evenly where nothing weighs', () => {
    expect(Money.allocate(Money.of(10), [0, 0, 0])).toEqual([4, 3, 3]);
  });
});

describe('parse', () => {
  it('takes whole amounts from 0 to the limit, and refuses everything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double(), fc.constantFrom(MINOR_MAX, MINOR_MAX + 1, -1, 0.5, Number.NaN)), (given) => {
        expect(Money.parse(given).ok).toBe(Number.isInteger(given) && given >= 0 && given <= MINOR_MAX);
      }),
    );
  });

  it.each([MINOR_MAX + 1, 0.5, Number.NaN])('an amount of ours of %s is a bug', (bad) => {
    expect(() => Money.of(bad)).toThrow();
  });
});

it('rounds half away from zero, exactly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -MINOR_MAX, max: MINOR_MAX }),
      fc.integer({ min: 0, max: 200_000 }),
      fc.integer({ min: 1, max: 300_000 }),
      (value, by, of) => {
        const rounded = BigInt(mulDivRound(value, by, of));
        const error = rounded * BigInt(of) - BigInt(value) * BigInt(by);
        expect((error < 0n ? -error : error) * 2n <= BigInt(of)).toBe(true);
      },
    ),
  );
  expect([mulDivRound(5, 1, 10), mulDivRound(-5, 1, 10), mulDivRound(4, 1, 10)]).toEqual([1, -1, 0]);
});
