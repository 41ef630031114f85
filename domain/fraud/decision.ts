import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import type { AssessedEvent } from './events.ts';
import { WORDS, written } from './feature-words.ts';
import { type FeatureName, type Features, featuresOf, type Histories, vectorOf } from './features.ts';
import { FraudModel, type FraudScore } from './learning/model.ts';
import { ACTIONS, type Costs, type FraudAction, type FraudPolicy } from './policy.ts';
import { type EntryHit, type FiredRule, firedRules } from './rules.ts';
import { nameOfKey, type Signals } from './signals.ts';

/** A model, and what its features usually are where nothing is wrong: what reasons compare with. */
export type Judge = { readonly model: FraudModel; readonly usual: Readonly<Record<string, number>> };

/** Why, for people who review; never for the customer. */
export type Reason = {
  readonly kind: 'rule' | 'feature';
  /** The rule's or the feature's name. */
  readonly name: string;
  readonly text: string;
  readonly observed: number | null;
  readonly usual: number | null;
  /** What it added to the log-odds; null for a rule. */
  readonly contribution: number | null;
};

/** Everything a decision was made of, and so everything it takes to make it again. */
export type Verdict = {
  readonly action: FraudAction;
  /** What the expected costs alone would have said. */
  readonly cheapest: FraudAction;
  readonly probability: number;
  readonly logit: number;
  readonly bias: number;
  readonly features: Features;
  readonly contributions: Readonly<Record<string, number>>;
  /** What each action was expected to cost, in minor units. */
  readonly expected: Readonly<Record<FraudAction, number>>;
  readonly rules: readonly FiredRule[];
  readonly reasons: readonly Reason[];
  readonly modelVersion: string;
  /** How far each history had come: the version it had just before. */
  readonly basis: Readonly<Record<string, number>>;
};

/** One attempt to pay, and what it met. It never changes. */
export type Decision = {
  readonly id: string;
  /** Which try of the payment. */
  readonly attemptId: string;
  readonly signals: Signals;
  readonly verdict: Verdict;
};

/** The decision as it enters the log. */
export function assessed(decision: Decision): Change<Decision, AssessedEvent> {
  const { id: decisionId, attemptId, signals, verdict } = decision;
  const { restaurantId, paymentId, orderId, customerId, at } = signals;
  const { action } = verdict;
  const event = { decisionId, restaurantId, paymentId, attemptId, orderId, customerId, action, signals, verdict, at } as const;
  return { state: decision, events: [{ type: 'fraud.assessed', ...event }] };
}

export const REASONS_MAX = 5;
/** Less than this in log-odds is no reason. */
const REASON_LEAST = 0.05;

/** Hard rules first, then what is expected to cost least. */
export function judge({ model, usual }: Judge, signals: Signals, histories: Histories, policy: FraudPolicy, hits: readonly EntryHit[]): Verdict {
  const features = featuresOf(signals, histories);
  const score = FraudModel.score(model, vectorOf(features, model.featureNames));
  const expected = expectedCosts(score.probability, signals, policy.costs);
  const cheapest = cheapestOf(expected);
  const rules = firedRules(signals, features, policy, hits);
  return {
    action: decide(rules, cheapest),
    cheapest,
    probability: score.probability,
    logit: score.logit,
    bias: score.bias,
    features,
    contributions: Object.fromEntries(model.featureNames.map((name, i) => [name, score.contributions[i] as number])),
    expected,
    rules,
    reasons: [...rules.map(reasonOfRule), ...reasonsOf(model, score, features, usual)].slice(0, REASONS_MAX + rules.length),
    modelVersion: model.version,
    basis: Object.fromEntries(Object.values(histories).map((history) => [nameOfKey(history), history.version])),
  };
}

/** What each action costs on average, at a probability of fraud. */
export function expectedCosts(
  probability: number,
  { amount, method }: Pick<Signals, 'amount' | 'method'>,
  { chargebackFee, margin, goodwill, stepUp, review }: Costs,
): Readonly<Record<FraudAction, number>> {
  // Unpaid cash costs what was cooked, and no bank.
  const loss = method === 'cash' ? amount * (1 - margin) : amount + chargebackFee;
  const earned = amount * margin + goodwill;
  const honest = 1 - probability;
  const hurdle = ({ cost, abandoned, caught }: Costs['stepUp']): number => cost + honest * abandoned * earned + probability * (1 - caught) * loss;
  return { allow: probability * loss, step_up: hurdle(stepUp), review: hurdle(review), block: honest * earned };
}

/** The mildest of those that cost least. */
export function cheapestOf(expected: Readonly<Record<FraudAction, number>>): FraudAction {
  return ACTIONS.reduce((best, action) => (expected[action] < expected[best] ? action : best));
}

/** A rule that denies is final; a rule that allows spares everything but that; the others ask for no less than they say. */
export function decide(rules: readonly FiredRule[], cheapest: FraudAction): FraudAction {
  const demanded = rules.filter(({ demands }) => demands !== 'allow').map(({ demands }) => demands);
  if (demanded.includes('block')) return 'block';
  if (rules.some(({ demands }) => demands === 'allow')) return 'allow';
  return [cheapest, ...demanded].reduce((hardest, action) => (ACTIONS.indexOf(action) > ACTIONS.indexOf(hardest) ? action : hardest));
}

const reasonOfRule = ({ name, text, observed, limit }: FiredRule): Reason => ({
  kind: 'rule',
  name,
  text,
  observed,
  usual: limit,
  contribution: null,
});

/** The features that spoke most for fraud, the loudest first. */
function reasonsOf({ featureNames }: FraudModel, { contributions }: FraudScore, features: Features, usual: Judge['usual']): readonly Reason[] {
  return featureNames
    .map((name, i) => ({ name: name as FeatureName, contribution: contributions[i] as number }))
    .filter(({ contribution }) => contribution >= REASON_LEAST)
    .sort((a, b) => b.contribution - a.contribution || (a.name < b.name ? -1 : 1))
    .slice(0, REASONS_MAX)
    .map(({ name, contribution }) => {
      const [observed, normal] = [features[name], usual[name] ?? 0];
      return { kind: 'feature', name, text: WORDS[name](written(observed), written(normal)), observed, usual: normal, contribution };
    });
}

const SLACK = 1e-9;

/** Checked just before a write and just after a read: corrupt rows stop here. */
export function checkVerdict(verdict: Verdict): Verdict {
  const { bias, logit, probability, contributions, expected, rules, cheapest, action } = verdict;
  const sum = Object.values(contributions).reduce((total, one) => total + one, bias);
  invariant(Math.abs(sum - logit) <= SLACK * (1 + Math.abs(logit)), `contributions sum to ${sum}, the logit is ${logit}`);
  invariant(Math.abs(1 / (1 + Math.exp(-logit)) - probability) <= SLACK, `a probability of ${probability} at a logit of ${logit}`);
  invariant(cheapestOf(expected) === cheapest && decide(rules, cheapest) === action, `${action} is not what the rules and costs say`);
  return verdict;
}
