import fc from 'fast-check';
import type { OrderFacts } from '#domain/ordering/order.ts';
import { PAYMENTS, QUANTITY_MAX } from '#domain/ordering/order.ts';
import { type ChosenLine, priceOrder } from '#domain/ordering/pricing.ts';
import { DINING_OPTIONS } from '#domain/shared/dining.ts';
import { Money } from '#domain/shared/money.ts';
import type { TaxComponent } from '#domain/shared/tax.ts';

export const TAXES: Readonly<Record<string, readonly TaxComponent[]>> = {
  none: [],
  food: [
    { name: 'CGST', percent: 2.5 },
    { name: 'SGST', percent: 2.5 },
  ],
  drink: [
    { name: 'CGST', percent: 9 },
    { name: 'SGST', percent: 9 },
  ],
  vat: [{ name: 'VAT', percent: 8.875 }],
};

export const taxOf = (taxClass: string): readonly TaxComponent[] => TAXES[taxClass] ?? [];

/** Cheap lines and dear ones, so that neither the small change nor the limits go unseen. */
export const chosenLine = (priceMax = 200_000): fc.Arbitrary<ChosenLine> =>
  fc.record({
    itemId: fc.uuid(),
    name: fc.string({ maxLength: 20 }),
    quantity: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: QUANTITY_MAX })),
    unitPrice: fc.integer({ min: 0, max: priceMax }).map(Money.of),
    taxClass: fc.constantFrom(...Object.keys(TAXES)),
    modifiers: fc.array(
      fc.record({
        optionId: fc.uuid(),
        name: fc.string({ maxLength: 20 }),
        quantity: fc.integer({ min: 1, max: 3 }),
        unitPrice: fc.integer({ min: 0, max: 5_000 }).map(Money.of),
      }),
      { maxLength: 3 },
    ),
    note: fc.option(fc.string({ maxLength: 30 })),
  });

export const policy = fc.record({
  pricesIncludeTax: fc.boolean(),
  roundTo: fc.constantFrom(1, 5, 50, 100),
  componentsFor: fc.constant(taxOf),
});

/** Facts of an order whose price adds up. */
export const orderFacts: fc.Arbitrary<OrderFacts> = fc
  .record({
    chosen: fc.array(chosenLine(20_000), { minLength: 1, maxLength: 6 }),
    tip: fc.integer({ min: 0, max: 10_000 }).map(Money.of),
    policy,
    payment: fc.constantFrom(...PAYMENTS),
    diningOption: fc.constantFrom(...DINING_OPTIONS),
    number: fc.integer({ min: 1, max: 9_999 }),
    placedAt: fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }),
    restaurantId: fc.uuid(),
    customerId: fc.uuid(),
  })
  .map(({ chosen, tip, policy: how, payment, placedAt, ...rest }) => {
    const priced = priceOrder(chosen, tip, how);
    if (!priced.ok) throw new Error('every generated order can be priced');
    return {
      ...rest,
      ...priced.value,
      payment,
      placedAt,
      businessDay: '2026-11-21',
      currency: 'INR',
      deliveryAddress: null,
      scheduledFor: null,
      expiresAt: payment === 'online' ? placedAt + 900_000 : null,
    };
  });
