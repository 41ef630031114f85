const ID = (n: number): string => `019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a${n}`;
const inr = (amount: number) => ({ amount, currency: 'INR' });
const AT = '2026-11-21T10:30:00.000Z';
const LATER = '2026-11-21T10:32:40.000Z';

const OPEN = {
  id: ID(70),
  orderId: ID(40),
  restaurantId: ID(10),
  customerId: ID(50),
  status: 'pending',
  amount: inr(33300),
  due: inr(33300),
  captured: inr(0),
  refunded: inr(0),
  reserved: inr(0),
  refundable: inr(0),
  attempts: [{ id: ID(71), channel: 'checkout', status: 'open', failure: null, at: AT, url: null }],
  charges: [],
  refunds: [],
  openedAt: AT,
  version: 3,
};
const DECLINED = {
  method: 'card',
  label: 'Visa ending 1007',
  status: 'failed',
  amount: inr(33300),
  failure: { code: 'insufficient_funds', message: 'There was not enough money in the account.' },
  at: '2026-11-21T10:31:05.000Z',
};
const PAID = { method: 'upi', label: 'a…@upi', status: 'captured', amount: inr(33300), failure: null, at: LATER };

export const REFUND_EXAMPLE = {
  id: ID(80),
  amount: inr(13545),
  reason: 'requested',
  status: 'processing',
  lines: [{ line: 0, quantity: 1 }],
  at: '2026-11-21T11:05:00.000Z',
  note: 'one dosa was cold',
  isByHand: false,
};
const { note: _note, isByHand: _isByHand, ...CUSTOMERS_REFUND } = REFUND_EXAMPLE;

/** As its customer sees it. */
export const PAYMENT_EXAMPLE = {
  ...OPEN,
  status: 'captured',
  due: inr(0),
  captured: inr(33300),
  reserved: inr(13545),
  refundable: inr(19755),
  charges: [DECLINED, PAID],
  refunds: [CUSTOMERS_REFUND],
  version: 8,
};

/** As the restaurant sees it. */
export const STAFF_EXAMPLE = {
  ...PAYMENT_EXAMPLE,
  fees: inr(786),
  attempts: OPEN.attempts.map((attempt) => ({ ...attempt, reference: 'order_R9xq3kTn1bPcVd', processor: 'razorpay', waitsForApproval: false })),
  charges: [
    { ...DECLINED, id: 'pay_R9xqA1yUq7mZ2c', processor: 'razorpay', isInternational: false, fee: null, feeTax: null },
    { ...PAID, id: 'pay_R9xrP4cWd0nL8s', processor: 'razorpay', isInternational: false, fee: inr(786), feeTax: inr(120) },
  ],
  refunds: [REFUND_EXAMPLE],
  disputes: [],
};

export const OPENED_EXAMPLE = {
  ...OPEN,
  attemptId: ID(71),
  checkout: {
    keyId: 'rzp_live_8sK1mQ',
    providerOrderId: 'order_R9xq3kTn1bPcVd',
    amount: inr(33300),
    name: 'Annapurna Tiffins',
    description: 'Order 0042',
    url: null,
    callbackUrl: `https://thali.example/payments/${ID(70)}/return`,
  },
};

export const CONFIRMATION_EXAMPLE = {
  razorpay_payment_id: 'pay_R9xrP4cWd0nL8s',
  razorpay_order_id: 'order_R9xq3kTn1bPcVd',
  razorpay_signature: '9ef4dffbfd84f1318f6739a3ce19f9d85851857ae648f114332d8401e0949a3d',
};

export const LEDGER_EXAMPLE = {
  data: [
    {
      id: ID(92),
      account: 'restaurant:payable',
      debit: inr(0),
      credit: inr(30314),
      kind: 'payments.charge_captured',
      source: `payment:${ID(70)}`,
      at: LATER,
    },
    {
      id: ID(91),
      account: 'clearing:razorpay',
      debit: inr(33300),
      credit: inr(0),
      kind: 'payments.charge_captured',
      source: `payment:${ID(70)}`,
      at: LATER,
    },
  ],
  next: null,
};

export const BALANCES_EXAMPLE = {
  data: [
    { account: 'clearing:razorpay', debit: inr(33300), credit: inr(786), balance: inr(32514) },
    { account: 'restaurant:payable', debit: inr(0), credit: inr(30314), balance: inr(-30314) },
  ],
};

export const WEBHOOK_EXAMPLE = {
  entity: 'event',
  account_id: 'acc_R1aQp2Wm5cXb7z',
  event: 'payment.captured',
  contains: ['payment'],
  payload: {
    payment: { entity: { id: 'pay_R9xrP4cWd0nL8s', order_id: 'order_R9xq3kTn1bPcVd', amount: 33300, currency: 'INR', status: 'captured' } },
  },
  created_at: 1795257160,
};
