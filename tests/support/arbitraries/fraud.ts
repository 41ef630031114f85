import fc from 'fast-check';
import { ENTRY_KINDS } from '#domain/fraud/list-entry.ts';
import { DEFAULT_POLICY, FraudPolicy, type FraudPolicyFacts } from '#domain/fraud/policy.ts';
import type { EntryHit } from '#domain/fraud/rules.ts';
import type { Signals } from '#domain/fraud/signals.ts';

const AT = 1_764_000_000_000;
const share = fc.double({ min: 0, max: 1, noNaN: true });
const amount = fc.integer({ min: 0, max: 50_000_00 });
const hurdle = fc.record({ cost: amount, abandoned: share, caught: share });

/** Policies that stand: a review catches and loses no less than a further proof. */
export const policies: fc.Arbitrary<FraudPolicy> = fc
  .record({
    chargebackFee: amount,
    margin: share,
    goodwill: amount,
    stepUp: hurdle,
    review: hurdle,
    cap: amount,
    hours: fc.integer({ min: 0, max: 90 * 24 }),
  })
  .map(({ cap, hours, stepUp, review, ...costs }) => {
    const sorted = {
      caught: [stepUp.caught, review.caught].toSorted((a, b) => a - b),
      abandoned: [stepUp.abandoned, review.abandoned].toSorted((a, b) => a - b),
    };
    const facts: FraudPolicyFacts = {
      ...DEFAULT_POLICY,
      costs: {
        ...costs,
        stepUp: { ...stepUp, caught: sorted.caught[0] as number, abandoned: sorted.abandoned[0] as number },
        review: { ...review, caught: sorted.caught[1] as number, abandoned: sorted.abandoned[1] as number },
      },
      freshAccount: { hours, cap },
    };
    const parsed = FraudPolicy.parse(facts);
    if (!parsed.ok) throw new Error(`a policy that stands does not: ${parsed.error.at}`);
    return parsed.value;
  });

export const hits: fc.Arbitrary<readonly EntryHit[]> = fc.array(
  fc.record({ entryId: fc.uuid(), list: fc.constantFrom('deny', 'allow'), kind: fc.constantFrom(...ENTRY_KINDS) }),
  { maxLength: 4 },
);

const token = fc.constantFrom('token-aaaaaaaaaa', 'token-bbbbbbbbbb', 'token-cccccccccc');
export const signals: fc.Arbitrary<Signals> = fc.record({
  restaurantId: fc.constantFrom('restaurant-0000001', 'restaurant-0000002'),
  orderId: fc.uuid(),
  customerId: fc.constantFrom('customer-0000000001', 'customer-0000000002', 'customer-0000000003'),
  paymentId: fc.uuid(),
  amount: fc.oneof(amount, fc.constant(0)),
  currency: fc.constant('INR'),
  method: fc.constantFrom(null, 'card', 'upi', 'cash'),
  tokens: fc.record({ device: token, ip: token, network: token, instrument: token, address: token }, { requiredKeys: [] }),
  basket: fc.record({ units: fc.nat(300), discount: amount, tip: amount }),
  place: fc.option(fc.record({ lat: fc.double({ min: -90, max: 90, noNaN: true }), lng: fc.double({ min: -180, max: 180, noNaN: true }) })),
  account: fc.record({
    registeredAt: fc.option(fc.integer({ min: AT - 86_400_000 * 400, max: AT + 1_000 })),
    isVerified: fc.option(fc.boolean()),
    isStaff: fc.boolean(),
  }),
  staff: fc.constantFrom([], ['0000000002']),
  localHour: fc.nat(23),
  at: fc.integer({ min: AT - 86_400_000, max: AT }),
});
