import type { Brand } from '../shared/brand.ts';
import { MINOR_MAX } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** What an attempt may meet, from mildest to hardest. */
export const ACTIONS = ['allow', 'step_up', 'review', 'block'] as const;
export type FraudAction = (typeof ACTIONS)[number];

/** Amounts in minor units of the restaurant's currency; shares from 0 to 1. */
export type Costs = {
  /** What a fraud costs beyond its amount: the bank's fee, and the work. */
  readonly chargebackFee: number;
  /** The share of an order's amount that the restaurant earns. */
  readonly margin: number;
  /** What it costs to turn away a customer who meant no harm, beyond the earnings of this order. */
  readonly goodwill: number;
  /** A further proof: what it costs, what share of honest customers it loses, and what share of frauds it stops. */
  readonly stepUp: Hurdle;
  /** A person looks: the same. Loses and stops no less than a further proof. */
  readonly review: Hurdle;
};
export type Hurdle = { readonly cost: number; readonly abandoned: number; readonly caught: number };

/** How a restaurant decides. */
export type FraudPolicyFacts = {
  readonly costs: Costs;
  /** An account younger than this proves itself before it pays more than the cap. */
  readonly freshAccount: { readonly hours: number; readonly cap: number };
  readonly review: {
    /** How long a decision may wait for a person. Below the twelve minutes that authorised money waits for its capture. */
    readonly minutes: number;
    /** What is decided when nobody came. */
    readonly whenNobodyCame: 'approve' | 'reject';
    /** From this amount on, two people approve. */
    readonly twoPersonsFrom: number;
  };
};

export type FraudPolicy = Brand<FraudPolicyFacts, 'FraudPolicy'>;

export const DEFAULT_POLICY = {
  costs: {
    chargebackFee: 500_00,
    margin: 0.25,
    goodwill: 150_00,
    stepUp: { cost: 1_00, abandoned: 0.08, caught: 0.75 },
    review: { cost: 25_00, abandoned: 0.12, caught: 0.9 },
  },
  freshAccount: { hours: 24, cap: 2_500_00 },
  review: { minutes: 8, whenNobodyCame: 'reject', twoPersonsFrom: 10_000_00 },
} as const as unknown as FraudPolicy;

export const REVIEW_MINUTES_MAX = 11;
export const FRESH_HOURS_MAX = 24 * 90;

export type PolicyFault = { readonly at: string };

/** Refuses what no decision could be made by; `at` names the member that is wrong. */
function parse(facts: FraudPolicyFacts): Result<FraudPolicy, PolicyFault> {
  const { costs, freshAccount, review } = facts;
  const isShare = (value: number): boolean => value >= 0 && value <= 1;
  const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= MINOR_MAX;
  const rules: readonly (readonly [string, boolean])[] = [
    ['costs.chargebackFee', isAmount(costs.chargebackFee)],
    ['costs.margin', isShare(costs.margin)],
    ['costs.goodwill', isAmount(costs.goodwill)],
    ...hurdleRules('costs.stepUp', costs.stepUp),
    ...hurdleRules('costs.review', costs.review),
    // Otherwise a likelier fraud could meet a milder answer.
    ['costs.review.caught', costs.review.caught >= costs.stepUp.caught],
    ['costs.review.abandoned', costs.review.abandoned >= costs.stepUp.abandoned],
    ['freshAccount.hours', Number.isSafeInteger(freshAccount.hours) && freshAccount.hours >= 0 && freshAccount.hours <= FRESH_HOURS_MAX],
    ['freshAccount.cap', isAmount(freshAccount.cap)],
    ['review.minutes', Number.isSafeInteger(review.minutes) && review.minutes >= 1 && review.minutes <= REVIEW_MINUTES_MAX],
    ['review.twoPersonsFrom', isAmount(review.twoPersonsFrom)],
  ];
  const broken = rules.find(([, holds]) => !holds);
  return broken ? err({ at: broken[0] }) : ok(facts as FraudPolicy);

  function hurdleRules(at: string, { cost, abandoned, caught }: Hurdle): readonly (readonly [string, boolean])[] {
    return [
      [`${at}.cost`, isAmount(cost)],
      [`${at}.abandoned`, isShare(abandoned)],
      [`${at}.caught`, isShare(caught)],
    ];
  }
}

export const FraudPolicy = { parse };
