import type { PaymentEvent } from './events.ts';
import type { DisputeFact } from './facts.ts';
import { Payment } from './payment.ts';
import { sumOfShares } from './shares.ts';

/** A signed amount on an account: above zero a debit, below a credit. Over one transaction they sum to zero. */
export type Entry = { readonly account: string; readonly amount: number };

/** A transaction of the double-entry ledger. `source` and `sequence` name the one event it books: none is booked twice. */
export type Posting = {
  readonly restaurantId: string;
  readonly currency: string;
  /** The kind of fact, as its event is called. */
  readonly kind: string;
  /** What it happened to: `payment:<id>`, `payout:<id>`, `settlement:<id>`. */
  readonly source: string;
  /** Which of the things that happened to it. */
  readonly sequence: number;
  readonly entries: readonly Entry[];
  readonly at: number;
};

/** A posting as the lines of a ledger, each on one side. */
export const Posting = {
  lines: ({ currency, kind, source, sequence, entries, at }: Posting) =>
    entries.map(({ account, amount }) => ({
      account,
      currency,
      debit: Math.max(0, amount),
      credit: Math.max(0, -amount),
      kind,
      source,
      sequence,
      at,
    })),
};

/**
 * The chart of accounts, per restaurant and currency. Assets and expenses stand in debit: money at a provider (`clearing:<name>`), in the
 * till, at the bank, held or lost in disputes, fees and the tax within them. Liabilities and income stand in credit: what is the
 * restaurant's, the tax to be paid, the commission, what is on its way back to customers, and what they paid for nothing. What was given up for lost is an expense.
 */
export const ACCOUNTS = {
  till: 'cash:till',
  bank: 'bank',
  clearing: (processor: string): string => `clearing:${processor}`,
  restaurant: 'restaurant:payable',
  tax: 'tax:output',
  commission: 'commission',
  unapplied: 'customer:unapplied',
  refunds: 'refunds:pending',
  fees: 'fees',
  feeTax: 'tax:input',
  disputesHeld: 'disputes:held',
  disputesLost: 'disputes:lost',
  payouts: 'payouts:pending',
  writtenOff: 'written:off',
} as const;

/** Where a processor's money lies once it is captured. */
const placeOf = (processor: string): string =>
  processor === 'cash' ? ACCOUNTS.till : processor === 'bank_transfer' ? ACCOUNTS.bank : ACCOUNTS.clearing(processor);

/** What a dispute holds back, and what it has cost for good. Won and closed ones give back what they held. */
function disputed({ status, deducted, amount }: DisputeFact): { readonly held: number; readonly lost: number } {
  if (status === 'lost') return { held: 0, lost: Math.max(deducted, amount) };
  return { held: status === 'open' || status === 'under_review' ? deducted : 0, lost: 0 };
}

/** All that a payment's money has done to the accounts, as one balance each. They sum to zero whatever has happened. */
export function booksOf(payment: Payment): ReadonlyMap<string, number> {
  const books = new Map<string, number>();
  const book = (account: string, amount: number): void => {
    books.set(account, (books.get(account) ?? 0) + amount);
  };
  const bookShares = (
    { restaurant, tax, commission }: { readonly restaurant: number; readonly tax: number; readonly commission: number },
    sign: number,
  ) => {
    book(ACCOUNTS.restaurant, sign * restaurant);
    book(ACCOUNTS.tax, sign * tax);
    book(ACCOUNTS.commission, sign * commission);
  };
  const placeOfCharge = (chargeId: string): string => {
    const charge = payment.observed.charges[chargeId];
    const attempt = charge && Payment.attemptOf(payment, charge);
    return placeOf(attempt?.processor ?? payment.attempts[0]?.processor ?? 'unknown');
  };

  for (const { chargeId, amount, fee, feeTax } of Payment.capturedCharges(payment)) {
    const capture = payment.captures[chargeId];
    if (!capture) continue;
    const place = placeOfCharge(chargeId);
    book(place, amount);
    bookShares(capture, -1);
    book(ACCOUNTS.unapplied, -capture.unapplied);
    if (fee === null) continue;
    book(place, -fee);
    book(ACCOUNTS.fees, fee - (feeTax ?? 0));
    book(ACCOUNTS.feeTax, feeTax ?? 0);
  }
  for (const { chargeId, amount, shares, status } of payment.refunds) {
    if (status === 'failed') continue;
    bookShares(shares, 1);
    book(ACCOUNTS.unapplied, amount - sumOfShares(shares));
    book(status === 'processed' ? placeOfCharge(chargeId) : ACCOUNTS.refunds, -amount);
  }
  for (const dispute of Object.values(payment.observed.disputes)) {
    const { held, lost } = disputed(dispute);
    book(ACCOUNTS.disputesHeld, held);
    book(ACCOUNTS.disputesLost, lost);
    book(placeOfCharge(dispute.chargeId), -held - lost);
  }
  return books;
}

/** What each of a payment's events does to the ledger; one that moves no money does nothing. */
export function postingsOf(before: Payment, events: readonly PaymentEvent[]): readonly Posting[] {
  const postings: Posting[] = [];
  let state = before;
  for (const [i, event] of events.entries()) {
    const next = Payment.evolve(state, event);
    const entries = difference(booksOf(state), booksOf(next));
    const { restaurantId, currency, id, version } = next;
    if (entries.length > 0) {
      postings.push({ restaurantId, currency, kind: event.type, source: `payment:${id}`, sequence: version + i + 1, entries, at: event.at });
    }
    state = next;
  }
  return postings;
}

/** The entries that lead from one set of balances to another. */
export function difference(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): readonly Entry[] {
  const accounts = [...new Set([...before.keys(), ...after.keys()])].sort();
  return accounts
    .map((account) => ({ account, amount: (after.get(account) ?? 0) - (before.get(account) ?? 0) }))
    .filter(({ amount }) => amount !== 0);
}
