const ID = (n: number): string => `019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a${n}`;
const inr = (amount: number) => ({ amount, currency: 'INR' });

export const ACCOUNT_REQUEST_EXAMPLE = { account: 'acc_GRWKk7qQsLnDjX' };
export const ACCOUNT_EXAMPLE = {
  restaurantId: ID(10),
  processor: 'razorpay',
  account: 'acc_GRWKk7qQsLnDjX',
  commissionBasisPoints: 1200,
  version: 2,
};

export const PAYOUT_EXAMPLE = {
  id: ID(80),
  restaurantId: ID(10),
  processor: 'razorpay',
  account: 'acc_GRWKk7qQsLnDjX',
  status: 'processed',
  amount: inr(2750000),
  moved: inr(2750000),
  failure: null,
  requestedAt: '2026-11-21T20:30:00.000Z',
  version: 2,
};

export const SETTLEMENT_EXAMPLE = {
  id: 'setl_DGlQ1Rj8os78Ec',
  processor: 'razorpay',
  utr: '1568176960vxp0rj',
  settledAt: '2026-11-23T05:30:00.000Z',
  currency: 'INR',
  gross: inr(100000),
  fees: inr(2000),
  tax: inr(360),
  net: inr(97640),
  rows: 1,
};
export const ROW_EXAMPLE = {
  kind: 'charge',
  id: 'pay_DEXrnipqTmWVGE',
  chargeId: 'pay_DEXrnipqTmWVGE',
  paymentId: ID(70),
  payoutId: null,
  amount: inr(100000),
  fee: inr(2360),
  tax: inr(360),
  credit: inr(97640),
  debit: inr(0),
  description: null,
  at: '2026-11-21T10:31:00.000Z',
};

export const EXCEPTION_EXAMPLE = {
  id: ID(90),
  kind: 'missing_here',
  processor: 'razorpay',
  reference: 'pay_DEXrnipqTmWVGE',
  restaurantId: null,
  paymentId: null,
  detail: { what: 'charge', currency: 'INR', theirs: { amount: 100000, fee: 2360 }, ours: null },
  raisedAt: '2026-11-22T00:23:00.000Z',
  actions: ['recheck', 'refund_at_provider', 'write_off'],
  resolution: null,
  version: 1,
};
export const RESOLVED_EXAMPLE = {
  ...EXCEPTION_EXAMPLE,
  actions: [],
  resolution: { action: 'refund_at_provider', note: 'Paid on an old link', by: `account:${ID(60)}`, at: '2026-11-22T06:00:00.000Z' },
  version: 2,
};

export const DISPUTE_EXAMPLE = {
  id: 'disp_AHfqOvkldwsbqt',
  chargeId: 'pay_DEXrnipqTmWVGE',
  status: 'open',
  phase: 'chargeback',
  reason: 'goods_or_services_not_received_or_partially_received',
  amount: inr(39000),
  deducted: inr(39000),
  respondBy: '2026-11-28T18:29:59.000Z',
  at: '2026-11-21T12:00:00.000Z',
};
export const LISTED_DISPUTE_EXAMPLE = { ...DISPUTE_EXAMPLE, paymentId: ID(70), orderId: ID(40) };

export const METHOD_EXAMPLE = {
  id: ID(95),
  processor: 'razorpay',
  method: 'card',
  label: 'Visa ending 1007',
  expiresAt: '2029-12-31T18:29:59.000Z',
  savedAt: '2026-11-21T10:31:00.000Z',
};
