/** What Razorpay leaves to the account, leaves open, or says differently on different pages. */
export type Settings = {
  merchantName: string;
  /** A second order under one receipt: made (A), refused (B), or the first one again (C). */
  receiptPolicy: 'A' | 'B' | 'C';
  /** The status of a key that was used with another body. */
  keyReuseStatus: 409 | 400;
  capture: 'automatic' | 'manual';
  autoRefundDays: number;
  autoRefundSecondSuccess: boolean;
  /** Of an amount; the tax is taken of that, and both together are the fee. */
  feeRate: number;
  taxRate: number;
  transferFeeRate: number;
  /** How long a refund is pending. */
  refundSeconds: number;
  instantRefunds: boolean;
  /** Whether what was refunded counts as refundable again once the refund failed. */
  restoreAfterFailedRefund: boolean;
  transferSeconds: number;
  /** After which a payment no bank answers for has failed. */
  noAnswerSeconds: number;
  webhookLatencySeconds: readonly [number, number];
  /** Where the day of the books begins, in minutes east of UTC. */
  bookOffsetMinutes: number;
  /** What the account holds before anything is paid. */
  openingBalance: number;
};

export const DEFAULTS: Settings = {
  merchantName: 'Demo merchant',
  receiptPolicy: 'A',
  keyReuseStatus: 409,
  capture: 'automatic',
  autoRefundDays: 3,
  autoRefundSecondSuccess: true,
  feeRate: 0.02,
  taxRate: 0.18,
  transferFeeRate: 0.0025,
  refundSeconds: 30,
  instantRefunds: true,
  restoreAfterFailedRefund: true,
  transferSeconds: 10,
  noAnswerSeconds: 600,
  webhookLatencySeconds: [0.2, 2],
  bookOffsetMinutes: 0,
  openingBalance: 100_000_000,
};
