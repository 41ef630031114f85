import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { History } from '#domain/fraud/history.ts';
import { OUTCOME_TYPES, type OutcomeEvent, type Seen, seenIn } from '#domain/fraud/outcomes.ts';
import { createContexts, isHot } from '#domain/fraud/replay.ts';
import { nameOfKey } from '#domain/fraud/signals.ts';
import type { FraudTx, Tokens } from './ports.ts';

type HistoryTx = Pick<FraudTx, 'decisions' | 'histories'>;

/**
 * Feeds the histories with what became of orders and payments. An attempt has written itself into the histories it locked; a
 * replay writes it again, which changes nothing where it is known.
 */
export const onOutcome = ({ tokens }: { readonly tokens: Tokens }): Subscription<HistoryTx> => ({
  name: 'fraud-history',
  types: OUTCOME_TYPES,
  without: ['verdict'],
  async on({ decisions, histories }, recorded, isReplay) {
    const events = (recorded as readonly RecordedEvent<OutcomeEvent>[]).map(({ data }) => data);
    const contexts = createContexts();
    for (const { decisionId, at, ...signals } of (await decisions.contexts({ restaurantIds: restaurantsIn(recorded), ...idsIn(events) })).toSorted(
      (a, b) => a.at - b.at,
    )) {
      contexts.add({ decisionId, signals });
    }
    const seen = events.flatMap((event) => {
      const one = seenIn(event, contexts.of, (fingerprint) => tokens.of('instrument', fingerprint));
      if (!one) return [];
      return event.type === 'fraud.assessed' && !isReplay ? [{ ...one, keys: one.keys.filter((key) => !isHot(key)) }] : [one];
    });
    await write(histories, seen);
  },
});

async function write(histories: FraudTx['histories'], seen: readonly Seen[]): Promise<void> {
  const keys = new Map(seen.flatMap((one) => one.keys.map((key) => [nameOfKey(key), key] as const)));
  if (keys.size === 0) return;
  const known = new Map((await histories.lock([...keys.values()])).map((history) => [nameOfKey(history), history]));
  const changed = new Map<string, History>();
  for (const { keys: touched, observation } of seen) {
    for (const key of touched) {
      const name = nameOfKey(key);
      const before = known.get(name) ?? History.empty(key.kind, key.key);
      const after = History.observe(before, observation);
      if (after === before) continue;
      known.set(name, after);
      changed.set(name, after);
    }
  }
  if (changed.size > 0) await histories.save([...changed.values()]);
}

/** The restaurants that events say they are of. */
export const restaurantsIn = (recorded: readonly RecordedEvent[]): readonly string[] => [
  ...new Set(recorded.flatMap(({ restaurantId }) => restaurantId ?? [])),
];

function idsIn(events: readonly OutcomeEvent[]) {
  const ids = { decisionIds: new Set<string>(), paymentIds: new Set<string>(), orderIds: new Set<string>() };
  for (const event of events) {
    if (event.type === 'fraud.assessed') continue; // It brings everything itself.
    if ('decisionId' in event) ids.decisionIds.add(event.decisionId);
    else if ('paymentId' in event) ids.paymentIds.add(event.paymentId);
    else ids.orderIds.add(event.orderId);
  }
  return { decisionIds: [...ids.decisionIds], paymentIds: [...ids.paymentIds], orderIds: [...ids.orderIds] };
}
