import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#adapters/shared/eventually.ts';
import { createContainer } from '#composition/container.ts';
import { type Database, openDatabase } from '#composition/database.ts';
import { type Cut, cable, commitCuttingProxy } from '../../support/cutting-proxies.ts';
import { SILENT, testConfig } from '../../support/profiles.ts';
import { type ServerDatabase, serverDatabase, TEST_DATABASE_URL } from '../../support/server-databases.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Answer, World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const SECRET = 'a-secret-that-only-the-tests-know-000';
const STALE_MS = 6_000;

// Only a server that is somewhere else can be away.
describe.runIf(TEST_DATABASE_URL !== undefined)('when the database', () => {
  let database: ServerDatabase;
  let target: URL;
  const cut: Cut = { share: 0, times: 0 };
  const closing: (() => Promise<unknown>)[] = [];
  let made = 0;

  beforeAll(async () => {
    database = await serverDatabase();
    target = new URL(database.url);
  });
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
    await database?.drop();
  });

  const worldBehind = async (port: number, clock: VirtualClock): Promise<World> => {
    const url = Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(port) });
    const database: Database = await openDatabase({ kind: 'postgres', url: url.href, poolMax: 4 }, SILENT);
    const container = createContainer({ config: testConfig, secret: SECRET, log: SILENT, store: database.store }, clock.override());
    closing.push(() => database.close());
    return new World(container, database);
  };
  const person = async (world: World) => {
    const email = `away${++made}@example.com`;
    await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Ravi Das' });
    return { email, ...(await world.post('/auth/login', { identifier: email, password: PASSWORD })).body };
  };

  it('is away, nobody gets in and nothing is changed, and everybody is told to come back', async () => {
    const clock = new VirtualClock(Date.now());
    const wire = await cable(new URL(TEST_DATABASE_URL as string));
    closing.push(wire.close);
    const world = await worldBehind(wire.port, clock);
    const { email, accessToken, refreshToken } = await person(world);
    expect((await world.get('/me', accessToken)).status).toBe(200);
    wire.pull();
    clock.advance(STALE_MS); // What is held of a session speaks for it for five seconds, and not longer.
    const asked: readonly (() => Promise<Answer>)[] = [
      () => world.get('/me', accessToken),
      () => world.get('/me/sessions', accessToken),
      () => world.get('/audit', accessToken),
      () => world.post('/auth/login', { identifier: email, password: PASSWORD }),
      () => world.post('/auth/login', { identifier: email, password: 'wrong' }),
      () => world.post('/auth/refresh', { refreshToken }),
      () => world.post('/auth/reset-password', { identifier: email }),
      () => world.post('/auth/register', { email: `new-${email}`, password: PASSWORD, displayName: 'Ravi Das' }),
      () => world.post('/auth/logout', undefined, accessToken),
    ];
    for (const ask of asked) {
      const { status, body, headers } = await ask();
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'http.unavailable', '5']);
      expect(JSON.stringify(body)).not.toMatch(/ECONN|127\.0\.0\.1|postgres|select/i);
    }
    // What proves nothing is told so without anybody being asked.
    expect((await world.get('/me', `${accessToken}x`)).status).toBe(401);
    expect((await world.get('/me')).status).toBe(401);
    wire.plugIn();
    const back = await eventually(
      () => world.get('/me', accessToken),
      ({ status }) => status === 200,
      10_000,
    );
    expect(back.body.email).toBe(email);
    expect((await world.post('/auth/refresh', { refreshToken })).status).toBe(200);
    expect((await world.post('/auth/register', { email: `new-${email}`, password: PASSWORD, displayName: 'Ravi Das' })).status).toBe(201);
  });

  it('does what it is told and its answer is lost, who asks again gets the same', async () => {
    const clock = new VirtualClock(Date.now());
    const proxy = await commitCuttingProxy(new URL(TEST_DATABASE_URL as string), cut);
    closing.push(proxy.close);
    const world = await worldBehind(proxy.port, clock);
    const lost = async (ask: () => Promise<Answer>) => {
      cut.share = 1;
      const before = cut.times;
      const { status } = await ask();
      cut.share = 0;
      expect([status, cut.times > before]).toEqual([503, true]);
    };
    const { email, refreshToken } = await person(world);
    const refresh = () => world.post('/auth/refresh', { refreshToken });
    await lost(refresh);
    const renewed = await refresh();
    expect(renewed.status).toBe(200); // The session was turned on, and nobody is taken for a thief.
    expect((await world.get('/me', renewed.body.accessToken)).status).toBe(200);
    expect((await world.post('/auth/refresh', { refreshToken: renewed.body.refreshToken })).status).toBe(200);

    const out = () => world.post('/auth/logout', undefined, renewed.body.accessToken);
    await lost(out);
    clock.advance(STALE_MS);
    expect((await world.get('/me', renewed.body.accessToken)).status).toBe(401);
    expect((await world.post('/auth/login', { identifier: email, password: PASSWORD })).status).toBe(200);
  });
});
