const at = '2026-11-21T10:30:00.000Z';
const decisionId = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a20';
const ids = {
  restaurantId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  orderId: '019a9f3e-7c41-7b1c-9d55-3f1f1c2b7a11',
  paymentId: '019a9f3e-7c42-7b1c-9d55-3f1f1c2b7a12',
  customerId: '019a9f3e-7c43-7b1c-9d55-3f1f1c2b7a13',
};
const amount = { amount: 189_000, currency: 'INR' };
const head = {
  id: decisionId,
  ...ids,
  attemptId: '019a9f3e-7c47-7b1c-9d55-3f1f1c2b7a17',
  amount,
  action: 'review',
  probability: 0.41,
  decidedAt: at,
};
const text = 'the device tried to pay 3 times in 10 minutes before this; usual is 0.02';

export const SUMMARY_EXAMPLE = { ...head, reasons: [text] };
export const DECISION_EXAMPLE = {
  ...head,
  reasons: [{ kind: 'feature', name: 'device_attempts_10m', text, observed: 3, usual: 0.02, contribution: 1.1 }],
  rules: [],
  modelVersion: 'scenarios-1',
  logit: -0.4,
  bias: -1.5,
  features: { device_attempts_10m: 3 },
  contributions: { device_attempts_10m: 1.1 },
  expectedCosts: { allow: 97_990, step_up: 27_500, review: 14_900, block: 36_700 },
};
export const REVIEW_EXAMPLE = {
  id: '019a9f3e-7c44-7b1c-9d55-3f1f1c2b7a14',
  ...ids,
  decisionId,
  amount,
  status: 'open',
  claim: null,
  approvals: [],
  approvalsNeeded: 1,
  whenNobodyCame: 'reject',
  resolution: null,
  openedAt: at,
  deadline: '2026-11-21T10:38:00.000Z',
  version: 1,
};
const by = '019a9f3e-7c45-7b1c-9d55-3f1f1c2b7a15';
export const CLAIMED_EXAMPLE = { ...REVIEW_EXAMPLE, status: 'claimed', claim: { by, until: '2026-11-21T10:34:00.000Z' }, version: 2 };
export const REJECTED_EXAMPLE = {
  ...REVIEW_EXAMPLE,
  status: 'rejected',
  resolution: { by, reason: 'four cards in five minutes', isDefault: false, at },
  version: 3,
};
export const APPROVED_EXAMPLE = {
  ...REVIEW_EXAMPLE,
  status: 'approved',
  approvals: [{ by, reason: 'known by phone', at }],
  resolution: { by, reason: 'known by phone', isDefault: false, at },
  version: 3,
};
export const ENTRY_BODY = { list: 'deny', kind: 'network', value: '203.0.113.0/24', reason: 'card testing last night' };
export const ENTRY_EXAMPLE = { id: '019a9f3e-7c46-7b1c-9d55-3f1f1c2b7a16', ...ENTRY_BODY, expiresAt: null, addedBy: by, addedAt: at };
export const LABELS_EXAMPLE = { data: [{ source: 'complaint', isFraud: true, labelTime: at }] };
export const POLICY_BODY = {
  costs: {
    chargebackFee: 50_000,
    margin: 0.25,
    goodwill: 15_000,
    stepUp: { cost: 100, abandoned: 0.08, caught: 0.75 },
    review: { cost: 2_500, abandoned: 0.12, caught: 0.9 },
  },
  freshAccount: { hours: 24, cap: 250_000 },
  review: { minutes: 8, whenNobodyCame: 'reject', twoPersonsFrom: 1_000_000 },
};
export const POLICY_EXAMPLE = { ...POLICY_BODY, version: 1 };
