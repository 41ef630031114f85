import type { FraudTx, KnownAttempt, StoredPolicy } from '#application/fraud/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { checkVerdict, type Decision } from '#domain/fraud/decision.ts';
import { History } from '#domain/fraud/history.ts';
import { Labels } from '#domain/fraud/labels.ts';
import { ListEntry } from '#domain/fraud/list-entry.ts';
import { DEFAULT_POLICY } from '#domain/fraud/policy.ts';
import { Review } from '#domain/fraud/review.ts';
import { type Key, nameOfKey } from '#domain/fraud/signals.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';
import { ATTEMPTS, addressOf, attemptOf, DECISIONS, ENTRIES, HISTORIES, LABELS, POLICIES, REVIEWS, STANDING } from './tables.ts';

/** Fraud inside an open transaction, its own or that of a subscription. */
export const memoryFraud = (tx: MemoryTx): FraudTx => ({
  decisions: memoryDecisions(tx),
  histories: memoryHistories(tx),
  reviews: {
    find: async (reviewId) => tx.get<Review>(REVIEWS, reviewId),
    async save({ state, events }) {
      const { id, version, restaurantId } = Review.check(state);
      tx.put(REVIEWS, id, version, { ...state, version: version + events.length });
      tx.append({ stream: `fraud_review:${id}`, version, restaurantId }, events);
    },
  },
  labels: {
    async lock(decisionId) {
      await tx.lock(LABELS, [decisionId]);
      const decision = tx.get<Decision>(DECISIONS, decisionId);
      const known = tx.get<Labels>(LABELS, decisionId);
      return known ?? (decision && Labels.none(decisionId, decision.signals.restaurantId, decision.signals.at));
    },
    async save({ state, events }) {
      const { decisionId, version, restaurantId } = state;
      tx.put(LABELS, decisionId, version, { ...state, version: version + events.length });
      tx.append({ stream: `fraud_labels:${decisionId}`, version, restaurantId }, events);
    },
  },
  entries: memoryListEntries(tx),
  policies: {
    find: async (restaurantId) => tx.get<StoredPolicy>(POLICIES, restaurantId) ?? { restaurantId, policy: DEFAULT_POLICY, version: 0 },
    async save({ state, events }) {
      const { restaurantId, version } = state;
      tx.put(POLICIES, restaurantId, version, { ...state, version: version + events.length });
      tx.append({ stream: `fraud_policy:${restaurantId}`, version, restaurantId }, events);
    },
  },
});

const memoryDecisions = (tx: MemoryTx): FraudTx['decisions'] => ({
  find: async (decisionId) => tx.get<Decision>(DECISIONS, decisionId),
  async ofAttempt(attempt) {
    const known = tx.get<{ readonly id: string }>(ATTEMPTS, attemptOf(attempt));
    return known && tx.get<Decision>(DECISIONS, known.id);
  },
  async add({ state, events }) {
    const { id, attemptId, signals, verdict } = state;
    checkVerdict(verdict);
    try {
      tx.insert(ATTEMPTS, attemptOf({ ...signals, attemptId }), { id });
    } catch (error) {
      throw error instanceof DuplicateKey ? new WriteConflict(`payment ${signals.paymentId} was decided on meanwhile`) : error;
    }
    tx.insert(DECISIONS, id, state);
    tx.append({ stream: `fraud_decision:${id}`, version: 0, restaurantId: signals.restaurantId }, events);
  },
  async contexts({ restaurantIds, decisionIds, paymentIds, orderIds }) {
    if (decisionIds.length + paymentIds.length + orderIds.length === 0) return [];
    return tx
      .rows<Decision>(DECISIONS)
      .filter(({ id, signals }) => {
        const isAsked = decisionIds.includes(id) || paymentIds.includes(signals.paymentId) || orderIds.includes(signals.orderId);
        return isAsked && restaurantIds.includes(signals.restaurantId);
      })
      .map(({ id, signals }): KnownAttempt => ({ ...signals, decisionId: id }));
  },
});

function memoryHistories(tx: MemoryTx): FraudTx['histories'] {
  const read = (keys: readonly Key[]): readonly History[] =>
    keys.map((key) => tx.get<History>(HISTORIES, nameOfKey(key)) ?? History.empty(key.kind, key.key));
  return {
    async lock(keys) {
      await tx.lock(HISTORIES, keys.map(nameOfKey));
      return read(keys);
    },
    read: async (keys) => read(keys),
    async save(histories) {
      for (const history of histories) tx.set(HISTORIES, nameOfKey(history), History.check(history));
    },
  };
}

const memoryListEntries = (tx: MemoryTx): FraudTx['entries'] => ({
  find: async (entryId) => tx.get<ListEntry>(ENTRIES, entryId),
  async standing(address) {
    const known = tx.get<{ readonly id: string }>(STANDING, addressOf(address));
    return known && tx.get<ListEntry>(ENTRIES, known.id);
  },
  async save({ state, events }) {
    const { id, version, restaurantId, removedAt } = ListEntry.check(state);
    if (version === 0) {
      await tx.lock(STANDING, [addressOf(state)]); // The second of two at once waits, and is told.
      if (tx.get(STANDING, addressOf(state))) return 'exists';
      tx.set(STANDING, addressOf(state), { id });
    } else if (removedAt !== null) tx.delete(STANDING, addressOf(state));
    tx.put(ENTRIES, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `fraud_list_entry:${id}`, version, restaurantId }, events);
    return 'saved';
  },
});
