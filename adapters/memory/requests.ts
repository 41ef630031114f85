import type { DoneRequest, RequestQueries, Requests } from '#application/shared/requests.ts';
import type { MemoryStore } from './store.ts';
import type { MemoryTx } from './tx.ts';

const TABLE = 'platform.requests';
const keyOf = (scope: string, key: string): string => JSON.stringify([scope, key]);

export const memoryRequests = (tx: MemoryTx): Requests => ({
  async claim({ scope, key, fingerprint, outcome }) {
    const id = keyOf(scope, key);
    await tx.lock(TABLE, [id]); // The second of two at once waits, and is told what came of the first.
    const done = tx.get<DoneRequest>(TABLE, id);
    if (done) return done;
    tx.insert(TABLE, id, { fingerprint, outcome });
    return 'claimed';
  },
});

export const memoryRequestQueries = (store: MemoryStore): RequestQueries => ({
  find: async (scope, key) => store.row<DoneRequest>(TABLE, keyOf(scope, key)),
});
