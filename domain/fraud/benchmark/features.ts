import { type CardPayment, DAY_SECONDS } from './card-payment.ts';
import { type CustomerHistory, LARGE_AMOUNT, type TerminalHistory, UNUSUAL_RATIO, usualAmount } from './histories.ts';

/** A payment, and what was known when it was made: histories advanced to its time, itself not in them. */
export type Moment = {
  readonly payment: CardPayment;
  readonly customer: CustomerHistory;
  readonly terminal: TerminalHistory;
  readonly epochDay: number;
};

type Feature = (moment: Moment) => number;

const MAJOR = 100;
const NEVER_DAYS = 90;
const days = (now: number, then: number | undefined): number => (then === undefined ? NEVER_DAYS : Math.min(NEVER_DAYS, (now - then) / DAY_SECONDS));

const paidCount =
  (window: number): Feature =>
  ({ customer }) =>
    customer.paid.count(window) + 1;
const paidMean =
  (window: number): Feature =>
  ({ customer, payment }) =>
    (customer.paid.sum(window) + payment.amount) / (customer.paid.count(window) + 1) / MAJOR;
const labelledCount =
  (window: number): Feature =>
  ({ terminal }) =>
    terminal.labelled.count(window);
const risk =
  (window: number): Feature =>
  ({ terminal }) =>
    terminal.labelled.count(window) === 0 ? 0 : terminal.labelled.sum(window) / terminal.labelled.count(window);

/** The fifteen of the Fraud Detection Handbook. A customer's windows hold the payment itself; a terminal's only what labels have told. */
export const BOOK_FEATURES: Readonly<Record<string, Feature>> = {
  amount: ({ payment }) => payment.amount / MAJOR,
  weekend: ({ payment, epochDay }) => (((Math.floor(payment.at / DAY_SECONDS) + epochDay + 4) % 7) % 6 === 0 ? 1 : 0), // 1970-01-01 was a Thursday.
  night: ({ payment }) => (Math.floor((payment.at % DAY_SECONDS) / 3_600) <= 6 ? 1 : 0),
  customer_count_1d: paidCount(0),
  customer_mean_1d: paidMean(0),
  customer_count_7d: paidCount(1),
  customer_mean_7d: paidMean(1),
  customer_count_30d: paidCount(2),
  customer_mean_30d: paidMean(2),
  terminal_count_1d: labelledCount(0),
  terminal_risk_1d: risk(0),
  terminal_count_7d: labelledCount(1),
  terminal_risk_7d: risk(1),
  terminal_count_30d: labelledCount(2),
  terminal_risk_30d: risk(2),
};

const logRatio = (amount: number, usual: number | undefined): number =>
  usual === undefined || usual <= 0 ? 0 : Math.log((amount + 1) / (usual + 1));

function deviation({ count, frauds, sum, fraudSum, sumOfSquares, fraudSumOfSquares }: CustomerHistory): number {
  const known = count - frauds;
  const mean = (sum - fraudSum) / known;
  return Math.sqrt(Math.max(0, (sumOfSquares - fraudSumOfSquares) / known - mean * mean));
}

function zScore({ payment, customer }: Moment): number {
  const usual = usualAmount(customer);
  if (usual === undefined || customer.count < 3) return 0;
  return Math.min(20, (payment.amount - usual) / (deviation(customer) + 1_00));
}

/**
 * What the book leaves on the table: the payment against all the customer's past, and what a terminal's frauds looked like. None of them only grows:
 * what it meant in training it means weeks later.
 */
export const FURTHER_FEATURES: Readonly<Record<string, Feature>> = {
  large_amount: ({ payment }) => (payment.amount > LARGE_AMOUNT ? 1 : 0),
  log_amount: ({ payment }) => Math.log1p(payment.amount / MAJOR),
  log_ratio_mean: ({ payment, customer }) => logRatio(payment.amount, usualAmount(customer)),
  log_ratio_median: ({ payment, customer }) => logRatio(payment.amount, customer.recent.median()),
  z_score: zScore,
  unusual: ({ payment, customer }) => (payment.amount > UNUSUAL_RATIO * (usualAmount(customer) ?? payment.amount) ? 1 : 0),
  usual_amount: ({ customer, payment }) => (usualAmount(customer) ?? payment.amount) / MAJOR,
  hours_since_last: ({ customer, payment }) => Math.log1p(Math.min(NEVER_DAYS * 24, days(payment.at, customer.lastAt) * 24)),
  customer_unusual_1d: ({ customer }) => customer.unusual.count(0),
  customer_unusual_7d: ({ customer }) => customer.unusual.count(1),
  customer_unusual_30d: ({ customer }) => customer.unusual.count(2),
  customer_frauds_7d: ({ customer }) => customer.knownFrauds.count(1),
  customer_frauds_30d: ({ customer }) => customer.knownFrauds.count(2),
  terminal_frauds_7d: ({ terminal }) => terminal.labelled.sum(1),
  terminal_frauds_30d: ({ terminal }) => terminal.labelled.sum(2),
  terminal_smoothed_risk: ({ terminal }) => (terminal.labelled.sum(2) + 0.03) / (terminal.labelled.count(2) + 4),
  terminal_fraud_recency: ({ terminal, payment }) => Math.exp(-days(payment.at, terminal.lastFraudAt) / 10),
  terminal_unexplained_7d: ({ terminal }) => terminal.unexplained.count(1),
  terminal_unexplained_30d: ({ terminal }) => terminal.unexplained.count(2),
  terminal_run: ({ terminal }) => Math.min(10, terminal.runLength),
  terminal_run_days: ({ terminal, payment }) => days(payment.at, terminal.runFrom),
  terminal_genuine_days: ({ terminal, payment }) => days(payment.at, terminal.genuineAt),
  terminal_run_days_least: ({ terminal, payment }) => (terminal.runFrom === undefined ? NEVER_DAYS : days(payment.at, terminal.genuineAt)),
};

export const FEATURES: Readonly<Record<string, Feature>> = { ...BOOK_FEATURES, ...FURTHER_FEATURES };
