import { type CardPayment, DAY_SECONDS, type FraudLabel } from './card-payment.ts';
import { createRecentMedian, type RecentMedian } from './recent-median.ts';
import { createSlidingSums, type SlidingSums } from './sliding-sums.ts';

/** Windows 0, 1 and 2 of whatever is counted over days. */
export const WINDOW_DAYS = [1, 7, 30] as const;
const WINDOWS = WINDOW_DAYS.map((days) => days * DAY_SECONDS);
const RECENT_AMOUNTS = 64;

/** An amount this many times what the customer usually pays is unusual; one above LARGE_AMOUNT is so for anybody. */
export const UNUSUAL_RATIO = 2.5;
export const LARGE_AMOUNT = 220_00;

/** What is remembered of a customer: bounded, whatever they do. */
export type CustomerHistory = {
  readonly paid: SlidingSums;
  readonly unusual: SlidingSums;
  readonly recent: RecentMedian;
  /** Over the whole past. */
  count: number;
  sum: number;
  sumOfSquares: number;
  lastAt: number | undefined;
  /** Of payments known to be fraud: theirs is not how the customer pays. */
  frauds: number;
  fraudSum: number;
  fraudSumOfSquares: number;
  readonly knownFrauds: SlidingSums;
};

/** What is remembered of a terminal. Of its payments only what labels have told. */
export type TerminalHistory = {
  readonly labelled: SlidingSums;
  readonly unexplained: SlidingSums;
  lastFraudAt: number | undefined;
  /** The latest payment known to be genuine, and the known frauds since that neither amount nor customer explains. */
  genuineAt: number | undefined;
  runFrom: number | undefined;
  runLength: number;
};

export const newCustomer = (): CustomerHistory => ({
  paid: createSlidingSums(WINDOWS),
  unusual: createSlidingSums(WINDOWS),
  knownFrauds: createSlidingSums(WINDOWS),
  recent: createRecentMedian(RECENT_AMOUNTS),
  count: 0,
  sum: 0,
  sumOfSquares: 0,
  lastAt: undefined,
  frauds: 0,
  fraudSum: 0,
  fraudSumOfSquares: 0,
});

export const newTerminal = (): TerminalHistory => ({
  labelled: createSlidingSums(WINDOWS),
  unexplained: createSlidingSums(WINDOWS),
  lastFraudAt: undefined,
  genuineAt: undefined,
  runFrom: undefined,
  runLength: 0,
});

/** What the customer usually pays: the mean of the whole past without known frauds. Undefined before the first payment. */
export function usualAmount({ count, frauds, sum, fraudSum }: CustomerHistory): number | undefined {
  return count - frauds > 0 ? (sum - fraudSum) / (count - frauds) : undefined;
}

export function isUnusual(customer: CustomerHistory, amount: number): boolean {
  const usual = usualAmount(customer);
  return amount > LARGE_AMOUNT || (usual !== undefined && amount > UNUSUAL_RATIO * usual);
}

export function rememberPayment(customer: CustomerHistory, { at, amount }: CardPayment): void {
  if (isUnusual(customer, amount)) customer.unusual.add(at, 1);
  customer.paid.add(at, amount);
  customer.recent.add(amount);
  customer.count += 1;
  customer.sum += amount;
  customer.sumOfSquares += amount * amount;
  customer.lastAt = at;
}

export function rememberLabel(customer: CustomerHistory, terminal: TerminalHistory, { payment, at, isFraud }: FraudLabel): void {
  terminal.labelled.add(at, isFraud ? 1 : 0);
  if (!isFraud) {
    rememberGenuine(terminal, payment);
    return;
  }
  const explained = isUnusual(customer, payment.amount);
  customer.frauds += 1;
  customer.fraudSum += payment.amount;
  customer.fraudSumOfSquares += payment.amount * payment.amount;
  customer.knownFrauds.add(at, 1);
  terminal.lastFraudAt = Math.max(payment.at, terminal.lastFraudAt ?? payment.at);
  if (explained) return;
  terminal.unexplained.add(at, 1);
  if (payment.at <= (terminal.genuineAt ?? -1)) return; // Told late, of a run that has ended.
  terminal.runFrom = Math.min(payment.at, terminal.runFrom ?? payment.at);
  terminal.runLength += 1;
}

/** A genuine payment after a run of frauds ends it. */
function rememberGenuine(terminal: TerminalHistory, { at }: CardPayment): void {
  terminal.genuineAt = Math.max(at, terminal.genuineAt ?? at);
  if (terminal.runFrom === undefined || at <= terminal.runFrom) return;
  terminal.runFrom = undefined;
  terminal.runLength = 0;
}
