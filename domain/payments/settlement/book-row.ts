import { ACCOUNTS, type Entry, type Posting } from '../books.ts';
import type { BookRow } from '../facts.ts';

/** A row of a provider's own books, and what of ours it is about. */
export type KnownRow = BookRow & {
  readonly processor: string;
  /** Null: of nothing of ours. */
  readonly restaurantId: string | null;
  readonly paymentId: string | null;
  readonly payoutId: string | null;
  /** What our books knew of its fee, and of the tax within, when it came. */
  readonly knownFee: number;
  readonly knownFeeTax: number;
};

/** What it did to our balance at the provider. */
const net = ({ credit, debit }: Pick<BookRow, 'credit' | 'debit'>): number => credit - debit;

/** What it would have done if the provider had kept nothing. */
const gross = ({ kind, amount, credit, debit }: BookRow): number =>
  kind === 'charge' || (kind === 'adjustment' && credit > debit) ? amount : -amount;

/** What the provider kept, tax included, whatever it calls it; below zero where it gave back what it had kept. */
const kept = (row: BookRow): number => gross(row) - net(row);

/** The same row told again: what was settled meanwhile is learnt, all else stays as it was. */
const join = (known: KnownRow, told: BookRow): KnownRow => ({
  ...known,
  settlementId: known.settlementId ?? told.settlementId,
  utr: known.utr ?? told.utr,
  settledAt: known.settledAt ?? told.settledAt,
});

/**
 * What a row does to the ledger: first what the provider took that we did not know of, once; then, once it is settled, that the
 * money has gone from the provider to the bank. A row of nothing of ours has no books to be in.
 */
function postings(row: KnownRow, at: number): readonly Posting[] {
  const { restaurantId, processor, kind, id, currency } = row;
  if (restaurantId === null) return [];
  const source = `row:${processor}:${kind}:${id}`;
  const clearing = ACCOUNTS.clearing(processor);
  const fee = kept(row) - row.knownFee;
  const tax = row.feeTax - row.knownFeeTax;
  const taken = entries([ACCOUNTS.fees, fee - tax], [ACCOUNTS.feeTax, tax], [clearing, -fee]);
  const settled = row.settlementId === null ? [] : entries([ACCOUNTS.bank, net(row)], [clearing, -net(row)]);
  return [
    { restaurantId, currency, kind: 'payments.fee_found', source, sequence: 1, entries: taken, at },
    { restaurantId, currency, kind: 'payments.row_settled', source, sequence: 2, entries: settled, at },
  ].filter((posting) => posting.entries.length > 0);
}

const entries = (...all: readonly (readonly [string, number])[]): readonly Entry[] =>
  all.map(([account, amount]) => ({ account, amount })).filter(({ amount }) => amount !== 0);

/** What is settled was settled some time: where the provider does not say when, at the latest when it happened. */
const dated = (row: BookRow): BookRow => ({ ...row, settledAt: row.settlementId === null ? null : (row.settledAt ?? row.at) });

export const BookRows = { dated, net, kept, join, postings };
