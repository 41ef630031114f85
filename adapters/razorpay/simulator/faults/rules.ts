import { z } from 'zod';
import { type Chance, chanceOf } from '../world/chance.ts';

/** F: replies to calls. W: webhooks. P: what happens to the money. */
export const FAULTS = {
  F1: 'the reply is lost after the effect',
  F2: 'the reply is lost before the effect',
  F3: 'the reply is slow, the effect is not',
  F4: 'a 5xx, with or without the effect',
  F5: 'a 429, with or without Retry-After',
  F6: 'a 200 with an empty, truncated or invalid body',
  F7: 'a 409: the same key is still in progress',
  F8: 'another receipt policy',
  W1: 'delivered again under the same event id',
  W2: 'delivered again under a new event id',
  W3: 'any order',
  W4: 'late',
  W5: 'never',
  W6: 'before the reply to the call that caused it',
  W7: 'a wrong signature, an old secret, an altered body, or the same JSON written anew',
  W8: 'a burst of copies',
  W9: 'two copies at once',
  W10: 'the webhook is switched off',
  P1: 'authorised late',
  P2: 'a second payment of the same order succeeds',
  P3: 'left authorised, and given back',
  P4: 'the refund fails after days',
  P5: 'refunded at the dashboard',
  P6: 'capturing fails although it is authorised',
  P7: 'disputed, and lost',
  P8: 'settled with an adjustment and an unexpected fee',
  P9: 'paid another amount or in another currency',
  P10: 'the method is down',
} as const;
export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as [FaultName, ...FaultName[]];

export const FaultRule = z.strictObject({
  name: z.enum(FAULT_NAMES),
  /** Of each chance it gets; 1 when absent. */
  probability: z.number().min(0).max(1).optional(),
  /** Only the nth chance it gets, from 1. */
  nth: z.int().min(1).optional(),
  /** At most so often. */
  times: z.int().min(0).optional(),
  /** `POST /v1/payments/*`, the event for W, `pay upi` or `capture` for P; `*` stands for anything. */
  route: z.string().max(200).optional(),
  seed: z.int().optional(),
  /** F3: how long, in real time, a socket waits. */
  holdMs: z.int().min(0).max(120_000).optional(),
  /** F4. */
  status: z.literal([500, 502, 503, 504]).optional(),
  effect: z.boolean().optional(),
  /** F5: seconds, or none. */
  retryAfter: z.int().min(0).optional(),
  /** F6. */
  body: z.enum(['empty', 'truncated', 'invalid']).optional(),
  /** F8. */
  policy: z.enum(['A', 'B', 'C']).optional(),
  /** W1, W8. */
  copies: z.int().min(1).max(10_000).optional(),
  /** W1, W2, W3, W4, P1, P4, P5, P7, P10: how much later, at the most or exactly. */
  seconds: z.number().min(0).optional(),
  /** W7. */
  how: z.enum(['wrong', 'old_secret', 'altered', 'rewritten']).optional(),
  /** P5, P8, P9. */
  amount: z.int().optional(),
  currency: z.string().length(3).optional(),
});
export type FaultRule = z.output<typeof FaultRule>;

export type Faults = {
  set(rules: readonly FaultRule[]): void;
  add(rule: FaultRule): void;
  readonly rules: readonly FaultRule[];
  /** The rule that strikes now, if one does. Each time a rule might strike counts as one of its chances. */
  strike(name: FaultName, subject: string): FaultRule | undefined;
  /** A random few of the faults at random odds, as swarm testing does: what never happens together hides what happens apart. */
  swarm(seed: number, among?: readonly FaultName[]): readonly FaultRule[];
  readonly struck: ReadonlyMap<FaultName, number>;
};

type Armed = { readonly rule: FaultRule; readonly chance: Chance; readonly route: RegExp; met: number; hits: number };

export function createFaults(seed: number): Faults {
  let armed: Armed[] = [];
  const struck = new Map<FaultName, number>();
  const arm = (rule: FaultRule, index: number): Armed => ({
    rule,
    chance: chanceOf(rule.seed ?? seed).fork(`${index}:${rule.name}`),
    route: patternOf(rule.route ?? '*'),
    met: 0,
    hits: 0,
  });
  const set = (rules: readonly FaultRule[]): void => {
    armed = rules.map(arm);
  };

  return {
    set,
    add(rule) {
      armed.push(arm(rule, armed.length));
    },
    get rules() {
      return armed.map(({ rule }) => rule);
    },
    strike(name, subject) {
      const hit = armed.find((candidate) => candidate.rule.name === name && candidate.route.test(subject) && strikes(candidate));
      if (!hit) return undefined;
      struck.set(name, (struck.get(name) ?? 0) + 1);
      return hit.rule;
    },
    swarm(swarmSeed, among = FAULT_NAMES) {
      const chance = chanceOf(swarmSeed).fork('swarm');
      const rules = among
        .filter((name) => name !== 'W10' && chance.next() < 0.5)
        .map((name) => ({ name, probability: odds(chance), seed: swarmSeed }));
      set(rules);
      return rules;
    },
    struck,
  };
}

const odds = (chance: Chance): number => Math.round(10 ** chance.between(-2, -0.5) * 1_000) / 1_000;

function strikes(armed: Armed): boolean {
  const { probability = 1, nth, times = Number.POSITIVE_INFINITY } = armed.rule;
  armed.met += 1;
  if (armed.hits >= times || (nth !== undefined && armed.met !== nth) || armed.chance.next() >= probability) return false;
  armed.hits += 1;
  return true;
}

const patternOf = (route: string): RegExp =>
  new RegExp(
    `^${route
      .split('*')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
