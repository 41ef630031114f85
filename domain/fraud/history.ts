import { invariant } from '../shared/invariant.ts';
import { KEY_KINDS, type KeyKind, type Place } from './signals.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What can happen to an attempt, as histories tell it. `fraud` is a label, at the time it became known and never before; `cleared` takes one back. */
export const OBSERVED = ['attempt', 'failure', 'paid', 'completed', 'no_show', 'cancelled', 'refund', 'fraud', 'cleared'] as const;
export type Observed = (typeof OBSERVED)[number];

/** One thing seen. The same one has the same `id`, however often it is told. Everything but the first three may be absent. */
export type Observation = {
  /** Unique within its key and what it is. */
  readonly id: string;
  readonly at: number;
  readonly what: Observed;
  readonly amount?: number;
  readonly customer?: string;
  readonly device?: string;
  readonly instrument?: string;
  readonly method?: string;
  readonly restaurant?: string;
  readonly place?: Place;
};

/** Whole numbers only, so that adding in any order gives the same. */
export type Totals = {
  readonly counts: Readonly<Record<Observed, number>>;
  /** Of completed orders, in major units: how many, their sum and the sum of their squares. */
  readonly amounts: { readonly count: number; readonly sum: number; readonly squares: number };
  readonly refunded: number;
  /** Of completed or paid orders with a place, in thousandths of a degree. */
  readonly places: { readonly count: number; readonly lat: number; readonly lng: number };
};

/**
 * What is known of one key: its newest observations one by one, and everything older as totals. The same observations give the
 * same history in whatever order they come, and one that comes again changes nothing; only what is older than everything that is
 * still kept one by one is taken for known and left out.
 */
export type History = {
  readonly kind: KeyKind;
  readonly key: string;
  /** How many observations it has taken in. */
  readonly version: number;
  readonly firstAt: number | null;
  /** The newest observation that is only in the totals. */
  readonly mark: { readonly at: number; readonly id: string } | null;
  readonly older: Totals;
  /** By time, then by id; at most `KEPT[kind]`. */
  readonly recent: readonly Observation[];
};

/** How many observations a key keeps one by one: counts of a window stop there. */
export const KEPT: Readonly<Record<KeyKind, number>> = {
  customer: 96,
  device: 96,
  ip: 96,
  network: 128,
  instrument: 64,
  address: 64,
  restaurant: 64,
};

const AMOUNT_MAX = 100_000;
const major = (minor: number): number => Math.min(AMOUNT_MAX, Math.round(minor / 100));

const NOTHING: Totals = {
  counts: { attempt: 0, failure: 0, paid: 0, completed: 0, no_show: 0, cancelled: 0, refund: 0, fraud: 0, cleared: 0 },
  amounts: { count: 0, sum: 0, squares: 0 },
  refunded: 0,
  places: { count: 0, lat: 0, lng: 0 },
};

const empty = (kind: KeyKind, key: string): History => ({ kind, key, version: 0, firstAt: null, mark: null, older: NOTHING, recent: [] });

const compare = (a: Pick<Observation, 'at' | 'id'>, b: Pick<Observation, 'at' | 'id'>): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The history with one observation more, or the very same when it was known. */
function observe(history: History, observation: Observation): History {
  const { mark, recent, kind } = history;
  const seen = { ...observation, id: `${observation.what}:${observation.id}` };
  if (mark !== null && compare(seen, mark) <= 0) return history;
  let at = recent.length;
  while (at > 0 && compare(recent[at - 1] as Observation, seen) > 0) at--;
  if (at > 0 && compare(recent[at - 1] as Observation, seen) === 0) return history;

  const grown = [...recent.slice(0, at), seen, ...recent.slice(at)];
  const next = { ...history, version: history.version + 1, firstAt: Math.min(history.firstAt ?? seen.at, seen.at) };
  if (grown.length <= KEPT[kind]) return { ...next, recent: grown };
  const [oldest, ...kept] = grown as [Observation, ...Observation[]];
  return { ...next, recent: kept, mark: { at: oldest.at, id: oldest.id }, older: add(history.older, oldest) };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object ? Mutable<T[K]> : T[K] };
const copyOf = ({ counts, amounts, refunded, places }: Totals): Mutable<Totals> => ({
  counts: { ...counts },
  amounts: { ...amounts },
  refunded,
  places: { ...places },
});

function addTo(totals: Mutable<Totals>, { what, amount, place }: Observation): void {
  totals.counts[what] += 1;
  const value = amount === undefined ? 0 : major(amount);
  if (what === 'refund') totals.refunded += value;
  if (what === 'completed' && amount !== undefined) {
    totals.amounts.count += 1;
    totals.amounts.sum += value;
    totals.amounts.squares += value * value;
  }
  if (place !== undefined && (what === 'paid' || what === 'completed')) {
    totals.places.count += 1;
    totals.places.lat += Math.round(place.lat * 1_000);
    totals.places.lng += Math.round(place.lng * 1_000);
  }
}

function add(totals: Totals, observation: Observation): Totals {
  const sum = copyOf(totals);
  addTo(sum, observation);
  return sum;
}

/** Everything that was known at an instant: nothing that came later is in it. */
function totals({ older, recent }: History, at: number): Totals {
  const sum = copyOf(older);
  for (const observation of recent) if (observation.at <= at) addTo(sum, observation);
  return sum;
}

/** How many of the window that ends at an instant: later than `at - span`, and not after `at`. */
function count({ recent }: History, at: number, span: number, what: Observed): number {
  let found = 0;
  for (let i = recent.length - 1; i >= 0; i--) {
    const one = recent[i] as Observation;
    if (one.at <= at - span) break;
    if (one.at <= at && one.what === what) found++;
  }
  return found;
}

export type Member = 'customer' | 'device' | 'instrument' | 'method' | 'restaurant';

/** What such a window tells of a member, newest first, until `hear` has heard enough; a label tells nothing of what was there. */
function hear({ recent }: History, at: number, span: number, member: Member, hear: (value: string) => boolean): boolean {
  for (let i = recent.length - 1; i >= 0; i--) {
    const one = recent[i] as Observation;
    if (one.at <= at - span) break;
    const value = one[member];
    if (one.at <= at && value !== undefined && one.what !== 'fraud' && one.what !== 'cleared' && hear(value)) return true;
  }
  return false;
}

/** The different values of a member in such a window. */
function values(history: History, at: number, span: number, member: Member): Set<string> {
  const found = new Set<string>();
  let last: string | undefined;
  hear(history, at, span, member, (value) => {
    if (value !== last) found.add(value);
    last = value;
    return false;
  });
  return found;
}

/** Whether a member had such a value in such a window. */
const had = (history: History, at: number, span: number, member: Member, isIt: (value: string) => boolean): boolean =>
  hear(history, at, span, member, isIt);

/** What was attempted in such a window, in minor units. */
function spent({ recent }: History, at: number, span: number): number {
  let sum = 0;
  for (let i = recent.length - 1; i >= 0; i--) {
    const one = recent[i] as Observation;
    if (one.at <= at - span) break;
    if (one.at <= at && one.what === 'attempt') sum += one.amount ?? 0;
  }
  return sum;
}

/** Where and when it was last tried, among what is kept one by one. */
function lastPlaced({ recent }: History, at: number): { readonly at: number; readonly place: Place } | undefined {
  for (let i = recent.length - 1; i >= 0; i--) {
    const { at: when, place, what } = recent[i] as Observation;
    if (when <= at && place !== undefined && what === 'attempt') return { at: when, place };
  }
  return undefined;
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(history: History): History {
  const { kind, key, recent, version } = history;
  invariant(KEY_KINDS.includes(kind), `a history of ${kind}`);
  invariant(recent.length <= KEPT[kind] && recent.length <= version, `the history of ${kind} ${key} keeps ${recent.length} of ${version}`);
  invariant(
    recent.every((one, i) => i === 0 || compare(recent[i - 1] as Observation, one) < 0),
    `the history of ${kind} ${key} is out of order`,
  );
  return history;
}

export const History = { empty, observe, totals, count, values, had, spent, lastPlaced, check };
