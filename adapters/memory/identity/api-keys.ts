import type { ApiKeyQueries, ApiKeys } from '#application/identity/api-key-ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { ApiKey } from '#domain/identity/api-key.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import type { MemoryTx } from '../tx.ts';

const API_KEYS = 'identity.api_keys';
const USES = 'identity.api_key_uses';
const TOUCH_MS = 60_000;

export const memoryApiKeys = (tx: MemoryTx): ApiKeys => ({
  async find(restaurantId, apiKeyId) {
    const key = tx.get<ApiKey>(API_KEYS, apiKeyId);
    return key?.restaurantId === restaurantId ? ApiKey.check(key) : undefined;
  },
  countActive: async (restaurantId) => tx.rows<ApiKey>(API_KEYS).filter((key) => key.restaurantId === restaurantId && key.status === 'active').length,
  async save({ state, events }) {
    const { id, restaurantId, version } = ApiKey.check(state);
    tx.put(API_KEYS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `api_key:${id}`, version, restaurantId }, events);
  },
});

export const memoryApiKeyQueries = (store: MemoryStore): ApiKeyQueries => {
  const usedAt = (id: string): number | null => store.row<{ readonly at: number }>(USES, id)?.at ?? null;
  return {
    byId: async (apiKeyId) => store.row<ApiKey>(API_KEYS, apiKeyId),
    async list(restaurantId, page) {
      const keys = store.rows<ApiKey>(API_KEYS).filter((key) => key.restaurantId === restaurantId);
      return pageOf(
        newestFirst(keys, ({ id }) => id, page),
        page.limit,
        ({ id }) => id,
        (key) => ({ ...key, lastUsedAt: usedAt(key.id) }),
      );
    },
    async touch(apiKeyId, at) {
      if (at - (usedAt(apiKeyId) ?? Number.NEGATIVE_INFINITY) >= TOUCH_MS)
        store.table(USES).set(apiKeyId, { version: 1, json: JSON.stringify({ at }) });
    },
  };
};
