import { written } from './feature-words.ts';
import type { Features } from './features.ts';
import type { EntryKind } from './list-entry.ts';
import type { FraudAction, FraudPolicy } from './policy.ts';
import type { Signals } from './signals.ts';

/** An entry of a list that names this attempt. */
export type EntryHit = { readonly entryId: string; readonly list: 'deny' | 'allow'; readonly kind: EntryKind };

export type FiredRule = {
  readonly name: 'denied' | 'card_testing' | 'allowed' | 'self_dealing' | 'impossible_speed' | 'fresh_account';
  /** At least this; `allow` spares what the others and the score would ask. */
  readonly demands: FraudAction;
  readonly text: string;
  readonly observed: number | null;
  readonly limit: number | null;
};

/**
 * From how many on, in ten minutes, it is somebody trying out cards. An address or a network is shared by many who do not know each
 * other: there the failures must also be half of all attempts, and the cards three times the customers.
 */
export const CARD_TESTING = {
  device: { instruments: 4, failures: 5, attempts: 12 },
  ip: { instruments: 6, failures: 8 },
  network: { instruments: 12, failures: 20 },
} as const;
const WHOSE = { device: 'the device', ip: 'the address on the internet', network: 'the network' } as const;

/** Faster than an airliner, and further than a mistaken pin. */
export const SPEED_KMH = 900;

/** Every hard rule the attempt meets. Whoever is on an allow list is spared the velocity of that very key, and never a deny list. */
export function firedRules(signals: Signals, features: Features, policy: FraudPolicy, hits: readonly EntryHit[]): readonly FiredRule[] {
  const denied = hits.find(({ list }) => list === 'deny');
  const allowed = hits.find(({ list }) => list === 'allow');
  return [
    ...(denied ? [said('denied', 'block', `the ${denied.kind} is on a deny list`)] : []),
    ...cardTesting(signals, features, hits),
    ...(allowed ? [said('allowed', 'allow', `the ${allowed.kind} is on an allow list`)] : []),
    ...selfDealing(features),
    ...impossibleSpeed(features),
    ...freshAccount(signals, features, policy),
  ];
}

const said = (
  name: FiredRule['name'],
  demands: FraudAction,
  text: string,
  observed: number | null = null,
  limit: number | null = null,
): FiredRule => ({ name, demands, text, observed, limit });

function cardTesting({ method }: Signals, features: Features, hits: readonly EntryHit[]): readonly FiredRule[] {
  if (method === 'cash') return [];
  for (const kind of ['device', 'ip', 'network'] as const) {
    if (hits.some((hit) => hit.list === 'allow' && hit.kind === kind)) continue;
    const tested = testedOn(kind, features);
    if (!tested) continue;
    const [observed, limit, what] = tested;
    return [said('card_testing', 'block', `${observed} ${what} from ${WHOSE[kind]} in 10 minutes; ${limit} are too many`, observed, limit)];
  }
  return [];
}

function testedOn(kind: keyof typeof CARD_TESTING, features: Features): readonly [number, number, string] | undefined {
  const instruments = features[`${kind}_instruments_10m`];
  const failures = features[`${kind}_failures_10m`];
  const attempts = features[`${kind}_attempts_10m`];
  const limits = CARD_TESTING[kind];
  const isShared = kind !== 'device';
  if (instruments >= limits.instruments && !(isShared && instruments < 3 * features[`${kind}_customers_24h`])) {
    return [instruments, limits.instruments, 'different cards or accounts'];
  }
  if (failures >= limits.failures && !(isShared && failures * 2 < attempts)) return [failures, limits.failures, 'failed payments'];
  return 'attempts' in limits && attempts >= limits.attempts ? [attempts, limits.attempts, 'attempts'] : undefined;
}

function selfDealing({ is_staff, shares_with_staff }: Features): readonly FiredRule[] {
  if (is_staff === 1) return [said('self_dealing', 'review', 'the customer works for the restaurant that is paid')];
  if (shares_with_staff === 1)
    return [said('self_dealing', 'review', 'the customer shares a device or card with somebody who works for the restaurant')];
  return [];
}

function impossibleSpeed({ speed_kmh }: Features): readonly FiredRule[] {
  if (speed_kmh < SPEED_KMH) return [];
  return [said('impossible_speed', 'review', `the last two places are ${written(speed_kmh)} km/h apart; nothing is that fast`, speed_kmh, SPEED_KMH)];
}

function freshAccount({ account, amount, method }: Signals, { account_age_hours }: Features, { freshAccount: { hours, cap } }: FraudPolicy) {
  if (account.registeredAt === null || method === 'cash' || account_age_hours >= hours || amount <= cap) return [];
  const text = `an account ${written(account_age_hours)} hours old pays more than it may in its first ${hours}`;
  return [said('fresh_account', 'step_up', text, amount / 100, cap / 100)];
}
