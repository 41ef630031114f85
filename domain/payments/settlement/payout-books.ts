import { ACCOUNTS, difference, type Posting } from '../books.ts';
import type { PayoutEvent } from '../events.ts';
import { Payout } from '../payout.ts';

/**
 * All that a payout has done to the accounts. While it is under way it lies between what the restaurant is owed and the processor;
 * what has gone has left the processor, and what was refused or came back is owed again. They sum to zero whatever has happened.
 */
export function booksOfPayout(payout: Payout): ReadonlyMap<string, number> {
  const [pending, moved] = [Payout.pending(payout), Payout.moved(payout)];
  return new Map([
    [ACCOUNTS.restaurant, pending + moved],
    [ACCOUNTS.payouts, 0 - pending],
    [ACCOUNTS.clearing(payout.processor), 0 - moved],
  ]);
}

const NOTHING: ReadonlyMap<string, number> = new Map();

/** What each of a payout's events does to the ledger; one that moves no money does nothing. */
export function postingsOfPayout(before: Payout, events: readonly PayoutEvent[]): readonly Posting[] {
  const postings: Posting[] = [];
  let state = before;
  for (const [i, event] of events.entries()) {
    const next = Payout.evolve(state, event);
    const entries = difference(event.type === 'payments.payout_requested' ? NOTHING : booksOfPayout(state), booksOfPayout(next));
    const { restaurantId, currency, id, version } = next;
    if (entries.length > 0) {
      postings.push({ restaurantId, currency, kind: event.type, source: `payout:${id}`, sequence: version + i + 1, entries, at: event.at });
    }
    state = next;
  }
  return postings;
}
