import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceFault, priceOrder } from '#domain/ordering/pricing.ts';
import { MINOR_MAX, Money } from '#domain/shared/money.ts';
import { chosenLine, policy, TAXES, taxOf } from '../../support/arbitraries/ordering.ts';

const lines = fc.array(chosenLine(20_000), { minLength: 1, maxLength: 20 });
const tip = fc.integer({ min: 0, max: 100_000 }).map(Money.of);
const inclusive = { pricesIncludeTax: true, roundTo: 1, componentsFor: taxOf };
const exclusive = { pricesIncludeTax: false, roundTo: 1, componentsFor: taxOf };
const line = (unitPrice: number, taxClass: string, quantity = 1) => ({
  itemId: 'x',
  name: 'x',
  quantity,
  unitPrice: Money.of(unitPrice),
  taxClass,
  modifiers: [],
  note: null,
});

describe('an order that is priced', () => {
  it('adds up to the last minor unit, lines, rates, tip and rounding', () => {
    fc.assert(
      fc.property(lines, tip, policy, (chosen, given, how) => {
        const priced = priceOrder(chosen, given, how);
        if (!priced.ok) return;
        const { lines: billed, price } = priced.value;
        expect(priceFault(billed, price)).toBeUndefined();
        expect(price.total % how.roundTo).toBe(0);
        expect(Math.abs(price.rounding)).toBeLessThanOrEqual(how.roundTo / 2);
        expect(price.tip).toBe(given);
      }),
    );
  });

  it('costs the same in any order of its lines', () => {
    const shuffled = lines.chain((chosen) =>
      fc.tuple(fc.constant(chosen), fc.shuffledSubarray(chosen, { minLength: chosen.length, maxLength: chosen.length })),
    );
    fc.assert(
      fc.property(shuffled, tip, policy, ([chosen, mixed], given, how) => {
        const [a, b] = [priceOrder(chosen, given, how), priceOrder(mixed, given, how)];
        expect(a.ok && a.value.price).toEqual(b.ok && b.value.price);
      }),
    );
  });

  it('pays each tax within half a unit of its exact rate', () => {
    fc.assert(
      fc.property(lines, (chosen) => {
        const priced = priceOrder(chosen, Money.zero, exclusive);
        if (!priced.ok) return;
        for (const { taxable, percent, amount } of priced.value.price.taxes)
          expect(Math.abs(amount - (taxable * percent) / 100)).toBeLessThanOrEqual(0.5 + 1e-6);
      }),
    );
  });

  it('takes tax out of inclusive prices without changing what is paid', () => {
    fc.assert(
      fc.property(lines, (chosen) => {
        const priced = priceOrder(chosen, Money.zero, inclusive);
        if (!priced.ok) return;
        const { price } = priced.value;
        expect(price.total).toBe(price.subtotal);
        for (const components of Object.values(TAXES)) {
          const rate = components.reduce((sum, { percent }) => sum + percent, 0);
          const mine = price.taxes.filter((tax) => components.some(({ name, percent }) => tax.name === name && tax.percent === percent));
          const tax = mine.reduce((sum, { amount }) => sum + amount, 0);
          if (mine[0]) expect(Math.abs(tax - (mine[0].taxable * rate) / 100)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is refused, never thrown at, when it is too dear', () => {
    fc.assert(
      fc.property(
        fc.array(chosenLine(MINOR_MAX), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 0, max: MINOR_MAX }).map(Money.of),
        policy,
        (chosen, given, how) => {
          const priced = priceOrder(chosen, given, how);
          if (priced.ok) expect(priced.value.price.total).toBeLessThanOrEqual(MINOR_MAX);
          else expect(priced.error.code).toBe('ordering.total_too_large');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('examples', () => {
  it('GST on 298.00: 7.45 and 7.45', () => {
    const priced = priceOrder([line(14_900, 'food', 2)], Money.of(2_000), { ...exclusive, roundTo: 100 });
    expect(priced).toMatchObject({
      ok: true,
      value: { price: { subtotal: 29_800, taxes: [{ amount: 745 }, { amount: 745 }], rounding: 10, total: 33_300 } },
    });
  });

  it('splits an odd paisa of inclusive GST without losing it', () => {
    const priced = priceOrder([line(525, 'food')], Money.zero, inclusive);
    expect(priced).toMatchObject({
      ok: true,
      value: {
        price: {
          total: 525,
          taxes: [
            { name: 'CGST', amount: 13, taxable: 500 },
            { name: 'SGST', amount: 12 },
          ],
        },
      },
    });
  });

  it('levies nothing on a class without a rule', () => {
    expect(priceOrder([line(100, 'none')], Money.zero, exclusive)).toMatchObject({ ok: true, value: { price: { taxes: [], total: 100 } } });
  });

  it('takes an order at the limit and refuses one above it', () => {
    expect(priceOrder([line(MINOR_MAX, 'none')], Money.zero, exclusive).ok).toBe(true);
    expect(priceOrder([line(MINOR_MAX, 'none')], Money.of(1), exclusive).ok).toBe(false);
  });
});
