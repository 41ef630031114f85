import { defineEntity, p } from '@mikro-orm/core';
import { API_KEY_STATUSES } from '#domain/identity/api-key.ts';

export const ApiKeyRow = defineEntity({
  name: 'ApiKeyRow',
  schema: 'identity',
  tableName: 'api_keys',
  indexes: [{ name: 'api_keys_restaurant', properties: ['restaurantId', 'id'] }],
  checks: [{ name: 'api_keys_status_is_known', expression: `status in (${API_KEY_STATUSES.map((status) => `'${status}'`).join(', ')})` }],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid(),
    name: p.text(),
    secretHash: p.text(),
    scopes: p.json<readonly string[]>(),
    networks: p.json<readonly string[]>(),
    issuedBy: p.uuid(),
    issuedAt: p.datetime(3),
    expiresAt: p.datetime(3).nullable(),
    status: p.text(),
    lastUsedAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});
