import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryRateLimits } from '#adapters/memory/rate-limits.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { type Profile, SQL_PROFILES } from '../../support/profiles.ts';
import { type Answer, startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
/** Each would do harm, or wait, where text is taken for SQL. */
const INJECTIONS = [
  `' or '1'='1`,
  `'; select pg_sleep(5); --`,
  `') union select password_hash from identity.accounts --`,
  `1); drop table identity.accounts; --`,
  `\\'; commit; --`,
  `$$;select pg_sleep(5)$$`,
  `%' and 1=(select 1 from pg_sleep(5)) and '%'='`,
  `{"$gt":""}`,
];
const QUICK_MS = 4_000; // Far less than what the texts above would wait, on a busy machine, too.

// What text does to SQL only shows where there is SQL; one database tells.
describe.each(SQL_PROFILES.slice(-1) as readonly Profile[])('what people send, on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let token: string;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
    token = kitchen.customer;
  });
  afterAll(() => world?.close());

  const quickly = async (ask: () => Promise<Answer>) => {
    const began = performance.now();
    const { status, body } = await ask();
    expect(status).toBeLessThan(500);
    expect(performance.now() - began).toBeLessThan(QUICK_MS);
    // But for the address, which is said back as it was written.
    expect(JSON.stringify({ ...body, instance: '' })).not.toMatch(/password_hash|pg_sleep|syntax|\$2b\$/);
    return status;
  };

  it.each(INJECTIONS)('%s is text wherever it stands', async (text) => {
    const inAddress = encodeURIComponent(text);
    const accounts = async () => (await world.container.get(Platform.sql)()<{ n: number }>('select count(*)::int as n from identity.accounts'))[0]?.n;
    const before = await accounts();
    expect(await quickly(() => world.post('/auth/login', { identifier: text, password: text }))).toBe(401);
    expect(await quickly(() => world.post('/auth/reset-password', { identifier: text }))).toBe(202);
    expect(await quickly(() => world.post('/auth/register', { email: text, password: PASSWORD, displayName: text }))).toBe(422);
    expect(await quickly(() => world.post('/auth/refresh', { refreshToken: text }))).toBe(401);
    expect(await quickly(() => world.post('/auth/verify-reset', { token: text, newPassword: PASSWORD }))).toBe(400);
    expect((await world.call('PATCH', '/me', { token, body: { displayName: text } })).body.displayName).toBe(text);
    for (const path of [
      `/me/orders?after=${inAddress}`,
      `/me/orders?limit=${inAddress}`,
      `/orders/${inAddress}`,
      `/restaurants/${inAddress}/menu`,
      `/restaurants/${kitchen.restaurantId}/audit?type=${inAddress}`,
      `/restaurants/${kitchen.restaurantId}/audit?word=${inAddress}`,
      `/restaurants/${kitchen.restaurantId}/audit?actor=${inAddress}`,
      `/restaurants?sort=${inAddress}`,
      `/me/sessions/${inAddress}`,
    ])
      expect([400, 404, 405]).toContain(await quickly(() => world.get(path, kitchen.owner)));
    expect(await accounts()).toBe(before);
  });

  it('objects, lists and numbers are no text, and text is no number', async () => {
    const order = (quantity: string) => {
      const [line] = kitchen.body([kitchen.line('dal')]).lines as [object];
      const raw = JSON.stringify(kitchen.body([{ ...line, quantity: 'Q' }])).replace('"Q"', quantity);
      return world.call('POST', '/orders', { raw, token, headers: { 'idempotency-key': crypto.randomUUID() } });
    };
    for (const quantity of ['2147483648', '1e400', '-0', '1.5', '9007199254740993', '"1"', 'null', '""', '[1]', 'true', '{"$gt":0}', '1e3'])
      expect([quantity, (await order(quantity)).status]).toEqual([quantity, 400]);
    for (const identifier of [{ $gt: '' }, ['a@example.com', 'b@example.com'], 1, true, null, { toString: 'x' }])
      expect((await world.post('/auth/reset-password', { identifier })).status).toBe(400);
    for (const query of [
      'limit[]=1',
      'limit=1&limit=2',
      'limit=1e1',
      'limit=0x10',
      'limit=',
      'limit=null',
      'limit= 1',
      'limit=٣',
      'limit=-0',
      'limit=99999999999999999999',
    ])
      expect([query, (await world.get(`/me/orders?${query}`, token)).status]).toEqual([query, 400]);
  });

  it('NUL, half characters and keys that reach a prototype stand nowhere', async () => {
    for (const path of ['/orders/%00', '/me/orders?after=%00', '/restaurants/%00/menu', '/me/sessions/a%00b']) {
      const { status } = await world.get(path, token);
      expect([400, 404, 405]).toContain(status);
    }
    const bodies = [
      '{"identifier":"a\\u0000b","password":"x"}',
      '{"identifier":"\\ud800","password":"x"}',
      '{"identifier":"a@b.co","password":"x","__proto__":{"isAdmin":true}}',
      '{"identifier":"a@b.co","password":"x","constructor":{"prototype":{"isAdmin":true}}}',
      '{"identifier":"a@b.co","identifier":"c@d.co","password":"x"}',
      `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
      `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`,
    ];
    for (const raw of bodies) {
      const { status, body } = await world.call('POST', '/auth/login', { raw });
      expect([raw.slice(0, 30), [400, 413].includes(status), /^http\./.test(body.code)]).toEqual([raw.slice(0, 30), true, true]);
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('one address is one account, whatever alphabet it is dressed in', async () => {
    const register = async (email: string) => (await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Mike' })).status;
    expect(await register('mike@example.com')).toBe(201);
    expect(await register('MIKE@EXAMPLE.com')).toBe(409);
    for (const email of [
      'm\u0131ke@example.com',
      'mi\u212Ae@example.com',
      'mike\uff20example.com',
      'mike@ex\u0430mple.com',
      'mike\u200b@example.com',
    ])
      expect([409, 422]).toContain(await register(email));
    for (const email of ['mike@example.com\r\nBcc: x@y.zz', 'a@x.co,b@y.co', '"mike"@example.com', 'mike@example.com ;'])
      expect([email, await register(email)]).toEqual([email, 422]);
    expect(await register('mike+lunch@example.com')).toBe(201);
  });
});

describe('limits in one process', () => {
  it('remember a bounded number of names, and the latest of them', async () => {
    const limits = new MemoryRateLimits(() => 0);
    const once = { name: 'general', max: 1, windowMs: 60_000 };
    const take = async (name: number) => (await limits.take([{ limit: once, key: String(name) }], `ticket-${name}`)).isGranted;
    for (let name = 0; name < 200_000; name++) if (!(await take(name))) throw new Error(`${name} is new`);
    // Whoever came last is remembered; of whom came first nothing is kept.
    expect(await take(199_999)).toBe(false);
    expect(await take(100_001)).toBe(false);
    expect(await take(0)).toBe(true);
  });
});
