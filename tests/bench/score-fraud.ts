import { readDefaultJudge } from '#composition/fraud/default-judge.ts';
import { judge } from '#domain/fraud/decision.ts';
import type { Histories } from '#domain/fraud/features.ts';
import { History } from '#domain/fraud/history.ts';
import { outcomeSeen } from '#domain/fraud/outcomes.ts';
import { DEFAULT_POLICY } from '#domain/fraud/policy.ts';
import { keysOf, type Signals } from '#domain/fraud/signals.ts';

/** How long a payment is judged without the database: features, rules, score, reasons and expected costs. */
const AT = 1_764_000_000_000;
const SIGNALS: Signals = {
  restaurantId: 'restaurant-0000001',
  orderId: 'o',
  customerId: 'customer-0000000001',
  paymentId: 'p',
  amount: 450_00,
  currency: 'INR',
  method: 'card',
  tokens: {
    device: 'device-0000000001',
    ip: 'ip-0000000001',
    network: 'network-00000001',
    instrument: 'card-000000000001',
    address: 'street-000000001',
  },
  basket: { units: 3, discount: 0, tip: 0 },
  place: { lat: 18.52, lng: 73.86 },
  account: { registeredAt: AT - 1e9, isVerified: true, isStaff: false },
  staff: ['0000000009'],
  localHour: 20,
  at: AT,
};
const ROUNDS = 2_000;

/** Every key with so many observations, all of the last hours. */
function historiesOf(observations: number): Histories {
  const made: Record<string, History> = {};
  for (const { kind, key } of keysOf(SIGNALS)) {
    let history = History.empty(kind, key);
    for (let i = 0; i < observations; i++) {
      const somebody = { ...SIGNALS, customerId: `customer-000000${1_000 + (i % 9)}` };
      history = History.observe(
        history,
        outcomeSeen(i % 3 ? 'attempt' : 'completed', `d${i}`, AT - (observations - i) * 40_000, somebody).observation,
      );
    }
    made[kind] = history;
  }
  return made;
}

/** The best of ten runs: the others tell of what else the machine did. */
function microseconds(histories: Histories): number {
  const shipped = readDefaultJudge();
  const run = (): number => {
    const began = performance.now();
    for (let i = 0; i < ROUNDS; i++) judge(shipped, SIGNALS, histories, DEFAULT_POLICY, []);
    return ((performance.now() - began) * 1_000) / ROUNDS;
  };
  return Math.min(...Array.from({ length: 10 }, run));
}

for (const observations of [0, 10, 40, 130]) {
  process.stdout.write(
    `${String(observations).padStart(4)} observations a key   ${microseconds(historiesOf(observations)).toFixed(1)} microseconds\n`,
  );
}
