import { z } from 'zod';
import type { Decision } from '#domain/fraud/decision.ts';
import { LABEL_SOURCES } from '#domain/fraud/labels.ts';
import { ENTRY_KINDS, LISTS, type ListEntry } from '#domain/fraud/list-entry.ts';
import { ACTIONS } from '#domain/fraud/policy.ts';
import { REVIEW_STATUSES, type Review } from '#domain/fraud/review.ts';
import { Id, InstantView, MoneyView } from '../schemas.ts';

export const Action = z.enum(ACTIONS);
export const Status = z.enum(REVIEW_STATUSES);
export const ListName = z.enum(LISTS);
export const Kind = z.enum(ENTRY_KINDS);

const Numbers = z.record(z.string(), z.number());
const Head = {
  id: Id,
  restaurantId: Id,
  orderId: Id,
  paymentId: Id,
  attemptId: Id,
  customerId: Id,
  amount: MoneyView,
  action: Action,
  probability: z.number().meta({ description: 'Of fraud, as the model sees it' }),
  decidedAt: InstantView,
};
const Reason = z.object({
  kind: z.enum(['rule', 'feature']),
  name: z.string(),
  text: z.string(),
  observed: z.number().nullable(),
  usual: z.number().nullable(),
  contribution: z.number().nullable().meta({ description: 'What it added to the log-odds' }),
});
export const DecisionSummaryView = z.object({ ...Head, reasons: z.array(z.string()) });
export const DecisionView = z.object({
  ...Head,
  reasons: z.array(Reason),
  rules: z.array(z.object({ name: z.string(), demands: Action, text: z.string(), observed: z.number().nullable(), limit: z.number().nullable() })),
  modelVersion: z.string(),
  logit: z.number().meta({ description: 'Bias and contributions sum to it' }),
  bias: z.number(),
  features: Numbers,
  contributions: Numbers,
  expectedCosts: z
    .object({ allow: z.number(), step_up: z.number(), review: z.number(), block: z.number() })
    .meta({ description: 'Of each action, in minor units' }),
});
export const ReviewView = z.object({
  id: Id,
  restaurantId: Id,
  decisionId: Id,
  orderId: Id,
  paymentId: Id,
  customerId: Id,
  amount: MoneyView,
  status: Status,
  claim: z.object({ by: z.string(), until: InstantView }).nullable(),
  approvals: z.array(z.object({ by: z.string(), reason: z.string().nullable(), at: InstantView })),
  approvalsNeeded: z.int(),
  whenNobodyCame: z.enum(['approve', 'reject']),
  resolution: z.object({ by: z.string(), reason: z.string().nullable(), isDefault: z.boolean(), at: InstantView }).nullable(),
  openedAt: InstantView,
  deadline: InstantView,
  version: z.int(),
});
export const EntryView = z.object({
  id: Id,
  list: ListName,
  kind: Kind,
  value: z.string(),
  reason: z.string(),
  expiresAt: InstantView.nullable(),
  addedBy: z.string(),
  addedAt: InstantView,
});
export const LabelsView = z.object({ data: z.array(z.object({ source: z.enum(LABEL_SOURCES), isFraud: z.boolean(), labelTime: InstantView })) });

const Hurdle = z.strictObject({ cost: z.number(), abandoned: z.number(), caught: z.number() });
/** What ranges they have is the domain's to say. */
export const PolicyShape = z.strictObject({
  costs: z.strictObject({ chargebackFee: z.number(), margin: z.number(), goodwill: z.number(), stepUp: Hurdle, review: Hurdle }),
  freshAccount: z.strictObject({ hours: z.number(), cap: z.number() }),
  review: z.strictObject({ minutes: z.number(), whenNobodyCame: z.enum(['approve', 'reject']), twoPersonsFrom: z.number() }),
});
export const PolicyView = z.object({ ...PolicyShape.shape, version: z.int() });

const headOf = ({ id, attemptId, signals, verdict }: Decision) => ({
  id,
  attemptId,
  restaurantId: signals.restaurantId,
  orderId: signals.orderId,
  paymentId: signals.paymentId,
  customerId: signals.customerId,
  amount: { amount: signals.amount, currency: signals.currency },
  action: verdict.action,
  probability: verdict.probability,
  decidedAt: signals.at,
});

export const decisionSummaryView = (decision: Decision): z.input<typeof DecisionSummaryView> => ({
  ...headOf(decision),
  reasons: decision.verdict.reasons.map(({ text }) => text),
});
/** Tokens stay inside: they are of no use to people, and tie customers of different restaurants together. */
export const decisionView = (decision: Decision): z.input<typeof DecisionView> => {
  const { reasons, rules, modelVersion, logit, bias, features, contributions, expected } = decision.verdict;
  return {
    ...headOf(decision),
    reasons: [...reasons],
    rules: [...rules],
    modelVersion,
    logit,
    bias,
    features: { ...features },
    contributions: { ...contributions },
    expectedCosts: { ...expected },
  };
};
export const reviewView = ({ lease, approvals, amount, currency, ...review }: Review): z.input<typeof ReviewView> => ({
  ...review,
  amount: { amount, currency },
  claim: lease,
  approvals: [...approvals],
});
export const entryView = (entry: ListEntry): z.input<typeof EntryView> => entry;
