import { createHash } from 'node:crypto';
import { z } from 'zod';
import { createApp, type Edge } from '#adapters/http/app.ts';
import type { Problems } from '#adapters/http/problem.ts';
import { type AnyRoute, type Caller, pick, route } from '#adapters/http/route.ts';
import { etag, Id, InstantView, link, MoneyView, Name, PageQuery, pageView } from '#adapters/http/schemas.ts';
import { asyncApiDocument } from '#adapters/websocket/realtime/asyncapi.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { unlimited } from '../../support/entrance.ts';

export const SHOP = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';
export const OTHER_SHOP = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';
const AT = Date.UTC(2026, 10, 21, 10, 30);

type ShopError =
  | { readonly code: 'shops.not_found'; readonly shopId: string }
  | { readonly code: 'shops.changed'; readonly version: number }
  | { readonly code: 'shops.closed'; readonly until: number; readonly isForever: boolean };

export const SHOP_PROBLEMS: Problems<ShopError> = {
  'shops.not_found': { status: 404, title: 'There is no such shop', detail: 'Check the id.' },
  'shops.changed': { status: 412, title: 'It has changed', detail: ({ version }) => `It is at version ${version}.` },
  'shops.closed': {
    status: 409,
    title: 'It is <closed> & shut',
    detail: ({ until, isForever }) => (isForever ? 'It will not open again.' : `Come back at ${new Date(until).toISOString()}.`),
  },
};

const Params = z.object({ restaurantId: Id });
const ShopBody = z.strictObject({
  name: Name,
  kind: z.enum(['kitchen', 'cart']).default('kitchen'),
  price: z.strictObject({ amount: z.int().min(0), currency: z.string().length(3) }),
  tags: z.array(z.string().min(1).max(20)).max(3).default([]),
  payment: z
    .discriminatedUnion('by', [z.strictObject({ by: z.literal('cash') }), z.strictObject({ by: z.literal('card'), last4: z.string().length(4) })])
    .optional(),
});
const ShopView = z.object({ id: Id, name: z.string(), price: MoneyView, openedAt: InstantView, version: z.int() });
const BODY = { name: 'Annapurna <b>', price: { amount: 12_900, currency: 'INR' }, payment: { by: 'card', last4: '4242' } };
const SHOP_VALUE = { id: SHOP, name: BODY.name, price: BODY.price, openedAt: AT, version: 3 };
const SHOP_JSON = { ...SHOP_VALUE, openedAt: '2026-11-21T10:30:00.000Z' };

/** What the last handler was given. */
export type Seen = { input?: Record<string, unknown>; caller?: Caller };

/** A route of every kind the edge knows. */
export function exampleRoutes(seen: Seen = {}): readonly AnyRoute[] {
  const note = (input: object, caller: Caller): void => {
    seen.input = input as Record<string, unknown>;
    seen.caller = caller;
  };
  const asked = { tag: 'Shops', status: 200, problems: {} } as const;
  return [
    route({
      ...asked,
      method: 'get',
      path: '/shops/{restaurantId}',
      operationId: 'getShop',
      summary: 'Read a shop',
      access: 'public',
      params: Params,
      response: ShopView,
      example: { response: SHOP_JSON },
      problems: pick(SHOP_PROBLEMS, 'shops.not_found', 'shops.closed'),
      replyHeaders: etag,
      handle: async ({ params: { restaurantId } }) =>
        restaurantId === SHOP ? ok(SHOP_VALUE) : err({ code: 'shops.not_found', shopId: restaurantId }),
    }),
    route({
      ...asked,
      method: 'get',
      path: '/shops/newest',
      operationId: 'newestShop',
      summary: 'Read the newest shop',
      access: 'public',
      response: z.object({ newest: z.literal(true) }),
      example: { response: { newest: true } },
      handle: async () => ok({ newest: true as const, secret: 'not listed' }),
    }),
    route({
      ...asked,
      method: 'get',
      path: '/shops',
      operationId: 'listShops',
      summary: 'List shops',
      access: 'public',
      query: PageQuery.extend({ q: z.string().max(20).optional() }),
      response: pageView(ShopView),
      example: { response: { data: [SHOP_JSON], next: null } },
      replyHeaders: (page, { query }) => link('/shops', page, query),
      async handle(input, caller) {
        note(input, caller);
        return ok({ data: [SHOP_VALUE], next: SHOP });
      },
    }),
    route({
      ...asked,
      method: 'post',
      path: '/shops',
      operationId: 'openShop',
      summary: 'Open a shop',
      description: 'Prices are *ours*; say `name`.',
      access: 'authenticated',
      headers: z.object({
        'idempotency-key': z
          .string()
          .regex(/^[\x21-\x7e]{1,255}$/, 'visible ASCII')
          .meta({ example: "it's-1" }),
      }),
      body: ShopBody,
      bodyLimit: 4_096,
      status: 201,
      response: ShopView,
      example: { body: BODY, response: SHOP_JSON },
      problems: pick(SHOP_PROBLEMS, 'shops.closed'),
      replyHeaders: (shop) => ({ ...etag(shop), location: `/shops/${shop.id}` }),
      async handle(input, caller) {
        note(input, caller);
        return input.body.name === 'closed' ? err({ code: 'shops.closed', until: AT, isForever: false }) : ok(SHOP_VALUE);
      },
    }),
    route({
      ...asked,
      method: 'patch',
      path: '/shops/{restaurantId}',
      operationId: 'changeShop',
      summary: 'Change a shop',
      access: { permission: 'shops:write', in: 'restaurant' },
      params: Params,
      body: z.strictObject({ name: Name }).partial(),
      response: ShopView,
      example: { body: { name: 'New' }, response: SHOP_JSON },
      problems: pick(SHOP_PROBLEMS, 'shops.changed'),
      async handle(input, caller) {
        note(input, caller);
        return caller.ifMatch === undefined || caller.ifMatch === 3 ? ok(SHOP_VALUE) : err({ code: 'shops.changed', version: 3 });
      },
    }),
    route({
      ...asked,
      method: 'delete',
      path: '/shops/{restaurantId}',
      operationId: 'closeShop',
      summary: 'Close a shop',
      access: { permission: 'shops:delete', in: 'platform' },
      params: Params,
      status: 204,
      response: z.undefined(),
      example: { response: undefined },
      handle: async () => ok(undefined),
    }),
    route({
      ...asked,
      method: 'post',
      path: '/shops/{restaurantId}/notice',
      operationId: 'noticeOfShop',
      summary: 'Give notice',
      access: { permission: 'shops:notice', in: 'resource' },
      params: Params,
      query: z.strictObject({ quiet: z.enum(['yes', 'no']).default('no') }),
      body: z.strictObject({ reason: z.string().max(50) }).optional(),
      text: { type: 'text/plain', example: 'closing soon' },
      response: z.object({ ok: z.boolean() }),
      example: { body: { reason: 'rain' }, response: { ok: true } },
      async handle(input, caller) {
        note(input, caller);
        return ok({ ok: true });
      },
    }),
    route({
      ...asked,
      method: 'put',
      path: '/shops/{restaurantId}/menu',
      operationId: 'importMenu',
      summary: 'Import a menu',
      access: 'authenticated',
      params: Params.extend({ restaurantId: Id.transform((id) => `shop:${id}`) }),
      query: z.strictObject({ replace: z.enum(['yes', 'no']).transform((word) => word === 'yes') }),
      body: z.strictObject({ items: z.array(z.string().max(20)).max(5) }),
      text: { type: 'text/csv', example: 'name\nDosa\n' },
      response: z.object({ ok: z.boolean() }),
      example: { body: { items: ['Dosa'] }, response: { ok: true } },
      async handle(input, caller) {
        note(input, caller);
        return ok({ ok: true });
      },
    }),
    ...['bug', 'conflict', 'outage'].map((kind) =>
      route({
        ...asked,
        method: 'get',
        path: `/failures/${kind}`,
        operationId: `failBy${kind}`,
        tag: 'Failures',
        summary: 'Fail',
        access: 'public',
        response: z.object({}),
        example: { response: {} },
        async handle() {
          throw kind === 'conflict' ? new WriteConflict('moved on') : new Error(kind === 'outage' ? 'ECONNREFUSED secret-host' : 'secret bug');
        },
      }),
    ),
  ];
}

const account = (more: Partial<Extract<Actor, { kind: 'account' }>>): Actor => ({
  kind: 'account',
  accountId: 'a',
  sessionId: 's',
  permissions: [],
  grants: [],
  ...more,
});
const ACTORS: Readonly<Record<string, Actor>> = {
  customer: account({}),
  owner: account({ grants: [{ restaurantId: SHOP, role: 'owner', permissions: ['shops:write'] }] }),
  waiter: account({ grants: [{ restaurantId: SHOP, role: 'waiter', permissions: [] }] }),
  stranger: account({ grants: [{ restaurantId: OTHER_SHOP, role: 'owner', permissions: ['shops:write'] }] }),
  admin: account({ permissions: ['shops:write', 'shops:delete'] }),
};

/** The app over the example routes; a token is the name of one of ACTORS. */
export function exampleApp(changes: Partial<Edge> = {}) {
  const seen: Seen = {};
  const observed: { method: string; route: string; status: number }[] = [];
  const logged: { level: string; message: string; facts: Readonly<Record<string, unknown>> | undefined }[] = [];
  const log = (level: string) => (message: string, facts?: Readonly<Record<string, unknown>>) => void logged.push({ level, message, facts });
  let count = 0;
  const app = createApp({
    sockets: () => asyncApiDocument({ version: '1.2.3', url: 'http://localhost:4010', path: '/connection/websocket' }),
    routes: exampleRoutes(seen),
    entrance: unlimited({ authenticate: async (token) => ACTORS[token], hasRestaurant: async () => true }),
    corsOrigins: [],
    variables: [],
    health: { isAccepting: () => true, checks: async () => [{ name: 'database', status: 'pass' }], startedAt: Date.now() },
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    newId: () =>
      createHash('md5')
        .update(String(count++))
        .digest('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    version: '1.2.3',
    observe: (method, template, status) => void observed.push({ method, route: template, status }),
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
    isOutage: (error) => error instanceof Error && error.message.includes('ECONNREFUSED'),
    ...changes,
  });
  return { app, seen, observed, logged };
}
