import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyRoute } from '#adapters/http/route.ts';
import { Platform } from '#composition/modules/platform.ts';
import { PLATFORM_ROLES, platformPermissions, RESTAURANT_ROLES, restaurantPermissions } from '#domain/identity/roles.ts';
import { faultsIn } from '../support/openapi.ts';
import { type Json, startWorld, type World } from '../support/world.ts';

/** What was promised, operation by operation. */
const PROMISED = `
POST /auth/register, POST /auth/login, POST /auth/refresh, POST /auth/logout, GET /me,
POST /restaurants, GET /restaurants, GET /restaurants/{restaurantId}, PATCH /restaurants/{restaurantId},
GET /restaurants/{restaurantId}/staff, POST /restaurants/{restaurantId}/staff, DELETE /restaurants/{restaurantId}/staff/{accountId},
GET /restaurants/{restaurantId}/menu, PUT /restaurants/{restaurantId}/menu/items/{itemId}/availability,
GET /restaurants/{restaurantId}/menu/items/{itemId}/availability, POST /restaurants/{restaurantId}/menu/import,
POST /restaurants/{restaurantId}/menu/categories, POST /restaurants/{restaurantId}/menu/items, POST /restaurants/{restaurantId}/menu/modifier-groups,
POST /restaurants/{restaurantId}/stock-items, POST /restaurants/{restaurantId}/stock-movements, GET /restaurants/{restaurantId}/stock-movements,
GET /restaurants/{restaurantId}/stock-levels, PUT /restaurants/{restaurantId}/recipes/{sellableId},
POST /orders/quotes, POST /orders, GET /orders/{orderId}, GET /me/orders, GET /restaurants/{restaurantId}/orders, GET /orders/{orderId}/history,
POST /orders/{orderId}/acceptance, POST /orders/{orderId}/rejection, POST /orders/{orderId}/preparation, POST /orders/{orderId}/readiness,
POST /orders/{orderId}/payments, GET /orders/{orderId}/payments, GET /payments/{paymentId}, POST /payments/{paymentId}/confirmation,
GET /payments/{paymentId}/return, POST /payments/{paymentId}/return, POST /payments/{paymentId}/receipt,
POST /payments/{paymentId}/refunds, GET /payments/{paymentId}/refunds, POST /payments/{paymentId}/refunds/{refundId}/completion,
GET /restaurants/{restaurantId}/payments, GET /restaurants/{restaurantId}/ledger, GET /restaurants/{restaurantId}/balances,
POST /webhooks/razorpay, POST /webhooks/{processor},
POST /orders/{orderId}/dispatch, POST /orders/{orderId}/completion, POST /orders/{orderId}/cancellation, POST /orders/{orderId}/return,
GET /restaurants/{restaurantId}/payout-account, PUT /restaurants/{restaurantId}/payout-account, POST /restaurants/{restaurantId}/payouts,
GET /restaurants/{restaurantId}/payouts, GET /restaurants/{restaurantId}/settlements, GET /restaurants/{restaurantId}/settlements/{settlementId},
GET /payments/exceptions, GET /restaurants/{restaurantId}/payment-exceptions, POST /payments/exceptions/{exceptionId}/resolution,
GET /restaurants/{restaurantId}/disputes, POST /payments/{paymentId}/disputes/{disputeId}/evidence,
POST /payments/{paymentId}/disputes/{disputeId}/acceptance, GET /me/payment-methods, POST /me/payment-methods, DELETE /me/payment-methods/{methodId},
GET /health, GET /health/live, GET /health/ready, GET /metrics`
  .split(',')
  .map((operation) => operation.trim());

describe('the whole API', () => {
  let world: World;
  let routes: readonly AnyRoute[];
  let document: Json;
  beforeAll(async () => {
    world = await startWorld('memory');
    routes = world.container.getAll(Platform.routes).flat();
    document = (await world.get('/openapi.json')).body;
  });
  afterAll(() => world.close());

  it('documents every promised operation without a fault', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(faultsIn(document)).toEqual([]);
    const documented = Object.entries(document.paths as Json).flatMap(([path, item]) =>
      Object.keys(item as Json).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(PROMISED.filter((operation) => !documented.includes(operation))).toEqual([]);
  });

  it('tells every code it can answer with', async () => {
    const page = (await world.get('/problems')).body;
    for (const code of new Set(routes.flatMap(({ problems }) => Object.keys(problems)))) expect(page).toContain(`id="${code}"`);
    expect((await world.get('/docs')).status).toBe(200);
  });

  it('asks only for permissions that some role gives, and gives none that nothing asks for', () => {
    const asked = new Set(routes.flatMap(({ access }) => (typeof access === 'object' ? [access.permission] : [])));
    const given = new Set([...RESTAURANT_ROLES.flatMap((role) => restaurantPermissions(role)), ...platformPermissions([...PLATFORM_ROLES])]);
    expect([...asked].filter((permission) => !given.has(permission))).toEqual([]);
    // Checked in use cases, or by the operator's own tools.
    expect([...given].filter((permission) => !asked.has(permission)).sort()).toEqual([
      'platform:data',
      'ratelimit:bypass',
      'restaurants:create',
      'staff:own',
    ]);
  });

  it('lets nobody in without a token, wherever one is needed', async () => {
    for (const { method, path, access } of routes) {
      if (access === 'public') continue;
      const answer = await world.call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10'), {});
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });

  it('never answers 5xx to a body of the wrong shape', async () => {
    const { token } = await world.account('fuzz@api.test', 'admin');
    const bodies = [
      null,
      0,
      'x',
      [],
      {},
      [[[]]],
      { a: 1 },
      { lines: {} },
      { items: [{}] },
      { kind: 'receipt' },
      { restaurantId: 7, lines: 'x' },
      { name: '\u202e' },
      { limit: 1e308 },
    ];
    for (const { method, path, body } of routes.filter((route) => route.path !== '/auth/logout')) {
      for (const sent of bodies) {
        const address = path.replaceAll(/\{\w+\}/g, '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10');
        const answer = await world.call(method.toUpperCase(), address, {
          token,
          ...(body && { body: sent }),
          headers: { 'idempotency-key': 'fuzz' },
        });
        expect([method, path, JSON.stringify(sent), answer.status < 500]).toEqual([method, path, JSON.stringify(sent), true]);
      }
    }
  });
});
