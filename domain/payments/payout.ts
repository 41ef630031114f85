import type { Brand } from '../shared/brand.ts';
import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { MINOR_MAX, type Minor, Money } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { PayoutEvent } from './events.ts';
import type { TransferFact, TransferStatus } from './facts.ts';
import { joinTransfers } from './observed.ts';
import type { SettlementErrorOf } from './settlement/errors.ts';

export type PayoutId = Brand<string, 'PayoutId'>;
export const PayoutId = { of: (raw: string): PayoutId => raw as PayoutId };

/** reserved: taken from what the restaurant is owed; the processor has not said yet that it moves it on. */
export const PAYOUT_NEXT = {
  reserved: ['processing', 'processed', 'failed', 'reversed'],
  processing: ['processed', 'failed', 'reversed'],
  // What was refused or came back may turn out to be on its way after all.
  failed: ['processing', 'processed', 'reversed'],
  processed: ['reversed'],
  reversed: [],
} as const satisfies Record<string, readonly string[]>;
export type PayoutStatus = keyof typeof PAYOUT_NEXT;
export const PAYOUT_STATUSES = Object.keys(PAYOUT_NEXT) as readonly PayoutStatus[];

/** What is paid to whom; agreed when it is asked for. */
export type PayoutTerms = {
  readonly restaurantId: string;
  readonly processor: string;
  /** The restaurant's own account at the processor. */
  readonly account: string;
  readonly amount: Minor;
  readonly currency: string;
  readonly requestedAt: number;
};

export type PayoutRefusal = { readonly code: string; readonly description: string };

export type Payout = PayoutTerms & {
  readonly id: PayoutId;
  /** The processor's clear no, if that was all it had to say. */
  readonly refusal: PayoutRefusal | null;
  /** What the processor has told of it, joined, by its own id. There is one unless something has gone badly wrong. */
  readonly transfers: Readonly<Record<string, TransferFact>>;
  /** 0 until first saved. */
  readonly version: number;
};

const STATUS: Readonly<Record<TransferStatus, PayoutStatus>> = {
  created: 'processing',
  pending: 'processing',
  failed: 'failed',
  processed: 'processed',
  reversed: 'reversed',
};
/** Where several transfers disagree, the one whose money is out, or may yet go out, decides. */
const WEIGHT: readonly PayoutStatus[] = ['processed', 'processing', 'reversed', 'failed'];

/** A function of what is known and of nothing else: facts may come in any order and any number of times. */
function statusOf({ refusal, transfers }: Pick<Payout, 'refusal' | 'transfers'>): PayoutStatus {
  const told = new Set(Object.values(transfers).map(({ status }) => STATUS[status]));
  return WEIGHT.find((status) => told.has(status)) ?? (refusal === null ? 'reserved' : 'failed');
}

/** What a transfer has moved and not brought back. */
const movedBy = ({ status, amount, reversed }: TransferFact): number => (status === 'processed' ? Math.max(0, amount - reversed) : 0);

/** What has reached the restaurant, in minor units. */
const moved = ({ transfers }: Pick<Payout, 'transfers'>): number => Object.values(transfers).reduce((sum, transfer) => sum + movedBy(transfer), 0);

/** What is set aside for it and has not gone yet. */
function pending(payout: Payout): number {
  const status = statusOf(payout);
  return status === 'reserved' || status === 'processing' ? payout.amount : 0;
}

/** Whether the processor has moved something else than what was asked for: more than once, or another amount. */
function isContradicted({ transfers, amount, currency }: Payout): boolean {
  const done = Object.values(transfers).filter(({ status }) => status === 'processed' || status === 'reversed');
  return done.length > 1 || done.some((transfer) => transfer.amount !== amount || transfer.currency !== currency);
}

export type WantedPayout = Omit<PayoutTerms, 'amount'> & {
  /** Everything there is when it is left out. */
  readonly amount: number | null;
};
type Requested = Result<Change<Payout, PayoutEvent>, SettlementErrorOf<'payments.payout_too_large'>>;

/** Takes an amount from what the restaurant is owed, or refuses when it is not owed that much. */
function request(id: PayoutId, wanted: WantedPayout, payable: number): Requested {
  const { restaurantId, currency, requestedAt: at } = wanted;
  const asked = wanted.amount ?? Math.min(payable, MINOR_MAX);
  if (asked <= 0 || asked > payable) return err({ code: 'payments.payout_too_large', asked, payable: Math.max(0, payable), currency });
  const terms: PayoutTerms = { ...wanted, amount: Money.of(asked) };
  return ok(changed(blank(id, terms), [{ type: 'payments.payout_requested', payoutId: id, restaurantId, at, terms }]));
}

const blank = (id: PayoutId, terms: PayoutTerms): Payout => ({ ...terms, id, refusal: null, transfers: {}, version: 0 });

const changed = (payout: Payout, events: readonly PayoutEvent[]): Change<Payout, PayoutEvent> => ({ state: events.reduce(evolve, payout), events });

function evolve(payout: Payout, event: PayoutEvent): Payout {
  switch (event.type) {
    case 'payments.payout_requested':
      return payout;
    case 'payments.payout_refused':
      return { ...payout, refusal: event.refusal };
    case 'payments.payout_observed':
      return { ...payout, transfers: { ...payout.transfers, [event.transfer.providerTransferId]: event.transfer } };
  }
}

/** What facts make of it, whoever brought them. Facts that are of another payout, or no news, change nothing. */
function observe(payout: Payout, facts: readonly TransferFact[], at: number): Change<Payout, PayoutEvent> {
  const events: PayoutEvent[] = [];
  let state = payout;
  for (const fact of facts) {
    const known = state.transfers[fact.providerTransferId];
    if (known === undefined && fact.payoutId !== payout.id) continue;
    const transfer = known === undefined ? fact : joinTransfers(known, fact);
    if (known !== undefined && isSame(known, transfer)) continue;
    const before = statusOf(state);
    const next = { ...state, transfers: { ...state.transfers, [transfer.providerTransferId]: transfer } };
    events.push({ type: 'payments.payout_observed', ...aboutOf(payout, at), transfer, before, status: statusOf(next) });
    state = next;
  }
  return { state, events };
}

const isSame = (a: TransferFact, b: TransferFact): boolean => (Object.keys(a) as (keyof TransferFact)[]).every((member) => a[member] === b[member]);

/** The processor said no. Only of a payout that it has told nothing else of is that the end. */
function refuse(payout: Payout, refusal: PayoutRefusal, at: number): Change<Payout, PayoutEvent> {
  if (payout.refusal !== null) return changed(payout, []);
  const before = statusOf(payout);
  return changed(payout, [{ type: 'payments.payout_refused', ...aboutOf(payout, at), refusal, before, status: statusOf({ ...payout, refusal }) }]);
}

const aboutOf = ({ id, restaurantId }: Payout, at: number) => ({ payoutId: id, restaurantId, at });

/** The payout its events tell of. */
function fold(id: PayoutId, events: readonly PayoutEvent[]): Payout {
  const [first] = events;
  invariant(first?.type === 'payments.payout_requested', `payout ${id} has no beginning`);
  return { ...events.reduce(evolve, blank(id, first.terms)), version: events.length };
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(payout: Payout): Payout {
  invariant(payout.amount > 0, `payout ${payout.id} pays nothing`);
  invariant(
    Object.entries(payout.transfers).every(([id, { providerTransferId }]) => id === providerTransferId),
    `payout ${payout.id} has a transfer under another name`,
  );
  return payout;
}

export const Payout = { request, observe, refuse, evolve, fold, check, statusOf, moved, pending, isContradicted };
