import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyRoute } from '#adapters/http/route.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { type MoneyStage, openMoney } from '../../support/money.ts';
import { PROFILES } from '../../support/profiles.ts';
import { type Answer, startWorld } from '../../support/world.ts';
import { CUSTOMERS_TOO, disagreement, OWN } from './agreed.ts';
import { type Caller, everybody } from './callers.ts';
import { furnish } from './premises.ts';

/** What a caller who lacks a permission is told by its name. */
const WANTING = /^http\.(unauthenticated|person_required|forbidden|second_factor_required)$|\.not_permitted$/;
/** What ends a session of its caller: asked with another one. */
const ENDING = new Set(['logout', 'endAllSessions', 'closeAccount']);
/** What nobody here can find: it comes from a provider's books, an authenticator, a browser, or a night's work. */
const UNFURNISHED = new Set(['settlementId', 'exceptionId', 'methodId', 'passkeyId', 'sessionId', 'subscriptionId', 'processor']);
const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';

describe('every operation', () => {
  it('asks of its callers what was agreed', async () => {
    const world = await startWorld('memory');
    const routes = world.container.getAll(Platform.routes).flat();
    await world.close();
    expect(routes.map(disagreement).filter(Boolean)).toEqual([]);
  });

  it.each<[string, Partial<AnyRoute>]>([
    ['open to anybody', { operationId: 'listStaff', path: '/restaurants/{restaurantId}/staff', method: 'get', access: 'public' }],
    [
      'open to whoever is signed in',
      { operationId: 'listOrders', path: '/restaurants/{restaurantId}/orders', method: 'get', access: 'authenticated' },
    ],
    [
      'which is not of',
      {
        operationId: 'addStaff',
        path: '/restaurants/{restaurantId}/staff',
        method: 'post',
        access: { permission: 'orders:accept', in: 'restaurant' },
      },
    ],
    [
      'changes something with',
      { operationId: 'addStaff', path: '/restaurants/{restaurantId}/staff', method: 'post', access: { permission: 'staff:read', in: 'restaurant' } },
    ],
    ['should be open', { operationId: 'getOrder', path: '/orders/{orderId}', method: 'get', access: { permission: 'orders:read', in: 'resource' } }],
    [
      'nobody agreed',
      { operationId: 'x', path: '/restaurants/{restaurantId}/safe', method: 'get', access: { permission: 'orders:read', in: 'restaurant' } },
    ],
  ])('is found when it is %s', (words, route) => {
    expect(disagreement(route as AnyRoute)).toContain(words);
  });
});

/** What an operation is sent whose example names things that are not there. */
const BODIES: Readonly<Record<string, (money: MoneyStage) => object>> = {
  placeOrder: ({ till: { kitchen } }) => kitchen.body([kitchen.line('tea')]),
  openTicket: ({ restaurantId }) => ({ restaurantId, title: 'Cold', text: 'It was cold.' }),
};

describe.each(PROFILES)('as every caller on %s', (profile) => {
  let money: MoneyStage;
  let routes: readonly AnyRoute[];
  let callers: readonly Caller[];
  let foreign: Kitchen;
  let ids: Readonly<Record<string, string>>;
  let calls = 0;
  beforeAll(async () => {
    money = await openMoney(profile);
    ids = await furnish(money);
    foreign = await openKitchen(money.world);
    callers = await everybody(money, foreign);
    const all = money.world.container.getAll(Platform.routes).flat();
    // The whole walk in memory; on a database what the use cases decide, and what this is about.
    routes = profile === 'memory' ? all : all.filter(({ access, tag }) => isDecidedInside(access) || ['Roles', 'Staff', 'Invitations'].includes(tag));
  }, 60_000);
  afterAll(() => money?.world.close());

  it('nobody gets in, changes anything or breaks anything without the permission', async () => {
    const before = await eventsOf(money);
    const leaks: string[] = [];
    for (const route of routes) {
      for (const caller of callers.filter((one) => !isGranted(route, one))) {
        const answer = await ask(route, caller);
        if (![401, 403, 404].includes(answer.status)) leaks.push(told(route, caller, answer));
      }
    }
    expect(leaks).toEqual([]);
    expect(await eventsOf(money)).toBe(before);
    expect(calls).toBeGreaterThan(routes.length * 5);
  });

  it('another restaurant’s owner finds nothing of this one behind their own door', async () => {
    const caller = callers.find(({ isForeign, isProgram }) => isForeign && !isProgram) as Caller;
    const before = await eventsOf(money);
    const found: string[] = [];
    const doors = routes.filter((route) => parametersOf(route).includes('restaurantId') && parametersOf(route).length > 1);
    for (const route of doors) {
      const answer = await ask(route, caller, { restaurantId: foreign.restaurantId });
      if (answer.status < 400 || answer.status >= 500 || WANTING.test(answer.body?.code ?? '')) found.push(told(route, caller, answer));
    }
    expect(found).toEqual([]);
    expect(doors.length).toBeGreaterThan(5);
    expect(await eventsOf(money)).toBe(before);
  });

  it('everybody gets in who has it, and finds what is there', async () => {
    const [refused, unreached]: [string[], string[]] = [[], []];
    for (const route of inOrder(routes)) {
      const granted = callers.filter((one) => isGranted(route, one));
      let isReached = route.access === 'public' || parametersOf(route).some((name) => UNFURNISHED.has(name)) || ENDING.has(route.operationId);
      const answers: string[] = [];
      for (const caller of granted) {
        const answer = await ask(route, ENDING.has(route.operationId) ? await anew(money, caller) : caller);
        if (answer.status >= 500 || WANTING.test(answer.body?.code ?? '')) refused.push(told(route, caller, answer));
        isReached ||= isInside(route, answer);
        answers.push(`${caller.name}: ${answer.status} ${answer.body?.code}`);
      }
      if (!isReached) unreached.push(`${route.operationId}: ${answers.join(', ')}`);
    }
    expect(refused).toEqual([]);
    expect(unreached).toEqual([]);
  });

  /** Sends an operation its own example, about the things that are there. */
  function ask(route: AnyRoute, { token }: Pick<Caller, 'token'>, instead: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { operationId, method, path, body, text, bytes, example } = route;
    const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => instead[name] ?? ids[`${operationId}.${name}`] ?? ids[name] ?? NOBODY);
    const sent = BODIES[operationId]?.(money) ?? example.body;
    const other = body ? undefined : (text ?? bytes);
    return money.world.call(method.toUpperCase(), address, {
      token,
      ...(body && { body: sent }),
      ...(other && { raw: typeof other.example === 'string' ? other.example : JSON.stringify(other.example) }),
      headers: { 'idempotency-key': `walk-${++calls}`, ...(other && { 'content-type': other.type }) },
    });
  }
});

/** Whether an answer comes from behind the door that asks for the permission: the use case itself, where that is who decides. */
const isInside = ({ access }: AnyRoute, { status, body }: Answer): boolean =>
  isDecidedInside(access) ? status !== 404 && body?.code !== 'http.invalid_request' : body?.code !== 'http.not_found';

const isDecidedInside = (access: AnyRoute['access']): boolean =>
  access === 'authenticated' || (typeof access === 'object' && access.in === 'resource');
const parametersOf = ({ path }: AnyRoute): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
const told = ({ operationId }: AnyRoute, { name }: Caller, { status, body }: Answer): string =>
  `${operationId} as ${name}: ${status} ${body?.code ?? ''}`;

/** Whether a caller should get in, by what they hold and by whose the things are. */
function isGranted({ access, operationId }: AnyRoute, { token, here, everywhere, isCustomer, isProgram, isForeign }: Caller): boolean {
  if (access === 'public') return true;
  if (token === undefined) return false;
  const held = [...here, ...everywhere];
  if (access === 'authenticated') {
    if (isProgram) return false;
    const guard = OWN[operationId] ?? 'anybody';
    if (guard === 'anybody') return true;
    return guard === 'owners' ? isForeign === true || held.includes('restaurants:create') : isCustomer === true || held.includes(guard);
  }
  if (isCustomer && CUSTOMERS_TOO.has(operationId)) return true;
  return access.in === 'platform' ? everywhere.includes(access.permission) : held.includes(access.permission);
}

/** Looking before touching, touching before taking away, and last what ends a session. */
const inOrder = (routes: readonly AnyRoute[]): readonly AnyRoute[] => {
  const weight = ({ method, operationId }: AnyRoute): number => (ENDING.has(operationId) ? 3 : method === 'get' ? 0 : method === 'delete' ? 2 : 1);
  return routes.toSorted((a, b) => weight(a) - weight(b));
};

/** The same caller in a session of its own. */
const anew = async (money: MoneyStage, caller: Caller): Promise<Pick<Caller, 'token'>> =>
  caller.email === undefined ? caller : { token: await money.world.signIn(caller.email) };

/** What callers did; what follows from before goes on beside them. */
async function eventsOf({ world }: MoneyStage): Promise<number> {
  const { store } = world.database;
  if (store.kind !== 'sql') return world.container.get(Platform.store).events.filter(({ actor }) => !actor.startsWith('system:')).length;
  const [row] = await sqlOf(store.orm.em.fork())<{ n: number }>("select count(*)::int as n from platform.events where actor not like 'system:%'");
  return row?.n ?? -1;
}
