import type { AttemptCounters } from '#application/identity/ports.ts';
import { Attempts } from '#domain/identity/attempts.ts';
import type { MemoryStore } from '../store.ts';

const TABLE = 'identity.attempts';

/** Decides and counts in one turn of the loop, so nobody comes in between. */
export const memoryAttemptCounters = (store: MemoryStore): AttemptCounters => ({
  async take(limits, at) {
    const taking = Attempts.takeAll(
      limits.map(({ key, policy }) => ({ before: store.row<Attempts>(TABLE, key), policy })),
      at,
    );
    if (!taking.isAllowed) return taking;
    for (const [i, { key }] of limits.entries()) store.table(TABLE).set(key, { version: 1, json: JSON.stringify(taking.attempts[i]) });
    return { isAllowed: true, remaining: taking.remaining };
  },
  async giveBack(keys, at) {
    for (const key of keys) {
      const before = store.row<Attempts>(TABLE, key);
      if (before) store.table(TABLE).set(key, { version: 1, json: JSON.stringify(Attempts.giveBack(before, at)) });
    }
  },
  async clear(keys) {
    for (const key of keys) store.table(TABLE).delete(key);
  },
  async forget(at) {
    const old = [...store.table(TABLE)].filter(([, { json }]) => Attempts.forgottenAt(JSON.parse(json) as Attempts) <= at);
    for (const [key] of old) store.table(TABLE).delete(key);
    return old.length;
  },
});
