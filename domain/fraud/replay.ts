import { invariant } from '../shared/invariant.ts';
import type { AssessedEvent } from './events.ts';
import type { Histories } from './features.ts';
import { History, type Observation } from './history.ts';
import { attemptSeen, type Context, type ContextOf, type OutcomeEvent, seenIn } from './outcomes.ts';
import { type Key, type KeyKind, keysOf, nameOfKey } from './signals.ts';

/** What one key saw: what came through the log, in its order, and what was written with the attempt itself, by the version it met. */
type Story = { readonly key: Key; readonly told: Observation[]; readonly written: { readonly event: AssessedEvent; readonly basis: number }[] };

/** Which histories an attempt writes itself; the others hear of it from the log. */
export const isHot = ({ kind }: Key): boolean => kind !== 'restaurant';

/**
 * The histories that every attempt of a log met, rebuilt from the log alone. Attempts that ran at once are put in the order in which
 * they had the histories to themselves, which each noted as its basis.
 */
export function replay(log: readonly OutcomeEvent[], tokenOf: (fingerprint: string) => string): ReadonlyMap<string, Histories> {
  const stories = new Map<string, Story>();
  const storyOf = (key: Key): Story => {
    const name = nameOfKey(key);
    const known = stories.get(name) ?? { key, told: [], written: [] };
    stories.set(name, known);
    return known;
  };
  const contexts = createContexts();
  for (const event of log) {
    if (event.type === 'fraud.assessed') {
      contexts.add(event);
      for (const key of keysOf(event.signals)) storyOf(key).written.push({ event, basis: event.verdict.basis[nameOfKey(key)] ?? 0 });
    }
    const seen = seenIn(event, contexts.of, tokenOf);
    for (const key of seen?.keys ?? []) if (seen && !(event.type === 'fraud.assessed' && isHot(key))) storyOf(key).told.push(seen.observation);
  }
  const met = new Map<string, Partial<Record<KeyKind, History>>>();
  for (const story of stories.values()) {
    for (const [decisionId, history] of tell(story)) met.set(decisionId, { ...met.get(decisionId), [story.key.kind]: history });
  }
  return met;
}

function* tell({ key, told, written }: Story): Generator<readonly [string, History]> {
  let history = History.empty(key.kind, key.key);
  const queue = told.values();
  for (const { event, basis } of written.toSorted((a, b) => a.basis - b.basis)) {
    while (history.version < basis) {
      const next = queue.next();
      invariant(!next.done, `the log tells less of ${nameOfKey(key)} than decision ${event.decisionId} knew`);
      history = History.observe(history, next.value);
    }
    yield [event.decisionId, history];
    if (isHot(key)) history = History.observe(history, attemptSeen(event).observation);
  }
}

type KnownAttempt = { readonly decisionId: string; readonly signals: Context & Pick<AssessedEvent, 'paymentId' | 'orderId'> };

/** Attempts as they become known, found by what outcomes know of them: the latest of an order or a payment. */
export function createContexts(): { readonly of: ContextOf; add(attempt: KnownAttempt): void } {
  const known = new Map<string, Context>();
  return {
    of: ({ orderId, paymentId, decisionId }) => known.get(decisionId ?? paymentId ?? orderId ?? ''),
    add({ decisionId, signals }) {
      for (const id of [decisionId, signals.paymentId, signals.orderId]) known.set(id, signals);
    },
  };
}
