import { FEATURE_NAMES, type Features, featuresOf, type Histories } from '../features.ts';
import { History, HOUR_MS } from '../history.ts';
import { attemptSeen, outcomeSeen, type Seen } from '../outcomes.ts';
import { keysOf, nameOfKey, type Signals } from '../signals.ts';
import { type CastSize, createCast, createDice, staffOf } from './cast.ts';
import { fraudScenes, type Plot } from './fraudsters.ts';
import { type FraudKind, honestScenes, type Scene } from './honest.ts';

/** How large a story is told. */
export type Script = CastSize & { readonly plot: Plot; readonly seed: number };

/** Eleven weeks of a town's orders, about one in twelve of them a fraud. */
export const SCRIPT: Script = {
  days: 75,
  restaurants: 24,
  customers: 900,
  plot: { card_testing: 45, account_takeover: 170, promo_abuse: 45, refund_abuse: 30, cash_no_show: 70, collusion: 30 },
  seed: 20_260_101,
};

/** One attempt of a story: what was measured when it was made, and what it truly was. */
export type ScenarioRow = { readonly at: number; readonly customerId: string; readonly features: Features; readonly kind: FraudKind | null };

type Happening = { readonly at: number; readonly attempt: Scene; readonly id: string } | { readonly at: number; readonly seen: Seen };

/** Tells a story through the very histories and features that live attempts are measured by. The same script gives the same rows. */
export function tellScenarios(script: Script = SCRIPT): readonly ScenarioRow[] {
  const dice = createDice(script.seed);
  const cast = createCast(script, dice);
  const scenes = [...honestScenes(cast, dice), ...fraudScenes(cast, script.plot, dice)];
  const happenings = scenes.flatMap((scene, n) => happeningsOf(scene, `attempt-${String(n).padStart(8, '0')}`, createDice(script.seed + n)));
  happenings.sort((a, b) => a.at - b.at); // Stable: what happens at once happens in the order it was made up.

  const histories = new Map<string, History>();
  const observe = ({ keys, observation }: Seen): void => {
    for (const key of keys) {
      const name = nameOfKey(key);
      histories.set(name, History.observe(histories.get(name) ?? History.empty(key.kind, key.key), observation));
    }
  };
  const rows: ScenarioRow[] = [];
  for (const happening of happenings) {
    if ('seen' in happening) {
      observe(happening.seen);
      continue;
    }
    const { attempt, id, at } = happening;
    const signals = signalsOf(attempt, id);
    const met: Histories = Object.fromEntries(
      keysOf(signals).map((key) => [key.kind, histories.get(nameOfKey(key)) ?? History.empty(key.kind, key.key)]),
    );
    rows.push({ at, customerId: signals.customerId, features: featuresOf(signals, met), kind: attempt.fraud?.kind ?? null });
    observe(attemptSeen({ decisionId: id, signals }));
  }
  return rows;
}

/** As learners take them. */
export const vectorOfRow = ({ features }: ScenarioRow): number[] => FEATURE_NAMES.map((name) => features[name]);

/** The attempt, and what becomes of it, each in its time. */
function happeningsOf(scene: Scene, id: string, dice: ReturnType<typeof createDice>): readonly Happening[] {
  const signals = signalsOf(scene, id);
  const { at, end, refundAfter, fraud } = scene;
  const isPaid = end !== 'failed';
  const paidAt = at + Math.round(dice.between(5_000, 40_000));
  const endedAt = at + Math.round(dice.between(0.6, 1.4) * HOUR_MS);
  const later = (what: Parameters<typeof outcomeSeen>[0], when: number): Happening => ({
    at: Math.round(when),
    seen: outcomeSeen(what, id, Math.round(when), signals),
  });
  return [
    { at, attempt: scene, id },
    ...(scene.method === 'cash' ? [] : [later(isPaid ? 'paid' : 'failure', paidAt)]),
    ...(isPaid ? [later(end, end === 'cancelled' ? at + 0.2 * HOUR_MS : endedAt)] : []),
    ...(isPaid && end === 'completed' && refundAfter !== null ? [later('refund', endedAt + refundAfter)] : []),
    ...(fraud?.knownAfter != null ? [later('fraud', endedAt + fraud.knownAfter)] : []),
  ];
}

function signalsOf(scene: Scene, id: string): Signals {
  const { customer, restaurant, at, address, device, instrument, network, ip } = scene;
  return {
    restaurantId: restaurant.id,
    orderId: id,
    customerId: customer.id,
    paymentId: id,
    amount: scene.amount * 100,
    currency: 'INR',
    method: scene.method,
    tokens: {
      ip,
      network,
      ...(device !== null && { device }),
      ...(instrument !== null && { instrument }),
      ...(address !== null && { address }),
    },
    basket: { units: scene.units, discount: scene.discount * 100, tip: scene.tip * 100 },
    place: scene.place,
    account: { registeredAt: customer.registeredAt, isVerified: customer.isVerified, isStaff: customer.worksAt === restaurant.id },
    staff: staffOf(restaurant),
    localHour: Math.floor((at / HOUR_MS + 5.5) % 24),
    at,
  };
}
