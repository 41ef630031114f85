import { ContainerModule } from 'inversify';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '#composition/config.ts';
import { Platform } from '#composition/modules/platform.ts';
import { NO_LIMITS } from '../../support/entrance.ts';
import { openKitchen } from '../../support/kitchen.ts';
import { testConfig } from '../../support/profiles.ts';
import { type Answer, startWorld, type World } from '../../support/world.ts';

const START = Date.parse('2026-11-21T10:30:00Z');
const MINUTE = 60_000;

describe('limits', () => {
  let world: World;
  const clock = { at: START };
  afterEach(() => world?.close());

  /** A world whose limits are what is said, and otherwise off. */
  const open = async (limits: Record<string, string>, more: Record<string, string> = {}): Promise<void> => {
    clock.at = START;
    const { limits: set, trustedProxies } = readConfig({ NODE_ENV: 'test', ...NO_LIMITS, ...limits, ...more });
    world = await startWorld(
      'memory',
      new ContainerModule(({ rebind }) => {
        rebind(Platform.config).toConstantValue({ ...testConfig, limits: set, trustedProxies });
        rebind(Platform.clock).toConstantValue({ now: () => clock.at });
      }),
    );
  };
  const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
  const times = async (n: number, ask: (i: number) => Promise<Answer>): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let i = 0; i < n; i++) answers.push(await ask(i));
    return answers;
  };
  const menu = (ip: string, headers: Record<string, string> = {}, token?: string) => world.call('GET', '/restaurants', { ip, headers, token });
  const logIn = (identifier: string, ip = '192.0.2.1', password = 'wrong') =>
    world.call('POST', '/auth/login', { ip, body: { identifier, password } });

  it('are the promised ones in production when nothing is said', () => {
    const secret = 'p7Qz0vKx3mWn8LrT5yBd2HcJ6gFs9AeU4iOqXk1ZtRwYbNvMhDjGlCaEfSuPoI';
    const { limits } = readConfig({
      NODE_ENV: 'production',
      DATABASE_URL: 'postgresql://thali:Vq8zKm3xTn6wLr2yPd9b@db.example.com/thali',
      APP_SECRET: `${secret}!7`,
      PUBLIC_URL: 'https://api.example.com',
      CORS_ORIGINS: 'https://app.example.com',
    });
    const quarter = 15 * MINUTE;
    expect(limits).toEqual({
      general: { name: 'general', max: 100, windowMs: quarter },
      auth: { name: 'auth', max: 5, windowMs: quarter },
      'auth-failures': { name: 'auth-failures', max: 50, windowMs: quarter },
      payment: { name: 'payment', max: 10, windowMs: MINUTE },
      upload: { name: 'upload', max: 20, windowMs: 60 * MINUTE },
      search: { name: 'search', max: 60, windowMs: MINUTE },
      user: { name: 'user', max: 1_000, windowMs: quarter },
      restaurant: { name: 'restaurant', max: 5_000, windowMs: quarter },
    });
    // Where people try things out, only guessing is limited.
    expect(readConfig({ NODE_ENV: 'development' }).limits).toEqual({ auth: { name: 'auth', max: 5, windowMs: quarter } });
  });

  it('general: 100 in any quarter of an hour for one network, told in headers and in a problem', async () => {
    await open({ RATE_LIMIT_GENERAL: '100/15m' });
    const answers = await times(101, () => menu('192.0.2.1'));
    expect(new Set(statuses(answers.slice(0, 100)))).toEqual(new Set([200]));
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"general";q=100;w=900');
    expect(answers[0]?.headers.get('ratelimit')).toBe('"general";r=99;t=900');
    const refused = answers[100] as Answer;
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('900');
    expect(refused.headers.get('ratelimit')).toBe('"general";r=0;t=900');
    expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(refused.body).toMatchObject({ code: 'http.too_many_requests', status: 429, limit: 'general', retryAfterSeconds: 900 });

    expect((await menu('192.0.2.2')).status).toBe(200);
    clock.at += 15 * MINUTE - 1;
    expect((await menu('192.0.2.1')).status).toBe(429);
    clock.at += 1;
    expect((await menu('192.0.2.1')).status).toBe(200);
    // What asks how the process is must always be answered.
    expect(statuses(await times(120, () => world.call('GET', '/health/live', { ip: '192.0.2.1' }))).every((status) => status === 200)).toBe(true);
  });

  it('general: holds exactly when 500 ask at once', async () => {
    await open({ RATE_LIMIT_GENERAL: '100/15m' });
    const answers = await Promise.all(Array.from({ length: 500 }, () => menu('192.0.2.1')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(400);
  });

  it('general: a token that proves nothing is nobody’s, one that holds is its account’s', async () => {
    await open({ RATE_LIMIT_GENERAL: '3/15m', RATE_LIMIT_USER: '5/15m' });
    const { token } = await world.account('asha@limits.test');
    const ip = '192.0.2.7';
    expect(statuses(await times(4, () => world.call('GET', '/me', { ip, token: 'forged' })))).toEqual([401, 401, 401, 429]);
    // The same network is not shut to who shows who they are, wherever they then come from.
    expect(statuses(await times(3, () => menu(ip, {}, token)))).toEqual([200, 200, 200]);
    expect(statuses(await times(3, (i) => world.call('GET', '/me', { ip: `192.0.2.${i}`, token })))).toEqual([200, 200, 429]);
  });

  it('auth: five attempts about one person from one network, however they are written; the right password is none', async () => {
    await open({ RATE_LIMIT_AUTH: '5/15m' });
    const { email } = await world.account('asha@limits.test');
    for (let i = 0; i < 8; i++) expect(await world.signIn(email)).toBeTypeOf('string');
    const answers = await times(6, (i) => logIn(i % 2 === 0 ? email : ` ${email.toUpperCase()}`));
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(answers[5]?.body).toMatchObject({ code: 'identity.too_many_attempts', retryAfterSeconds: 900 });
    expect((await logIn('nobody@limits.test')).status).toBe(401); // About somebody else,
    expect((await logIn(email, '198.51.100.1')).status).toBe(401); // or from somewhere else.
    expect(await world.signIn(email)).toBeTypeOf('string'); // Where the others did not come from.
    // Somebody who does not exist is counted like everybody.
    expect(statuses(await times(5, () => logIn('nobody@limits.test')))).toEqual([401, 401, 401, 401, 429]);
  });

  it('auth: who is refused burns nothing of the other budgets, and one network has so many failures in all', async () => {
    await open({ RATE_LIMIT_AUTH: '5/15m', RATE_LIMIT_AUTH_FAILURES: '12/15m', RATE_LIMIT_GENERAL: '100/15m' });
    const refresh = (refreshToken: string) => world.call('POST', '/auth/refresh', { ip: '192.0.2.1', body: { refreshToken } });
    await times(20, () => refresh('guessed'));
    expect((await logIn('somebody@limits.test')).headers.get('ratelimit')).toContain('"general";r=94');
    expect((await menu('192.0.2.1')).headers.get('ratelimit')).toContain('"general";r=99');
    const others = await times(10, (i) => logIn(`person${i}@limits.test`));
    expect(statuses(others).filter((status) => status === 401)).toHaveLength(6);
    expect(others[9]?.body).toMatchObject({ code: 'http.too_many_requests', limit: 'auth-failures' });
    // Registering counts whether or not it succeeds: it proves nothing.
    const register = await world.call('POST', '/auth/register', {
      ip: '203.0.113.1',
      body: { email: 'new@limits.test', password: 'Dosa-And-Chutney-1!', displayName: 'New' },
    });
    expect([register.status, register.headers.get('ratelimit')]).toEqual([201, expect.stringContaining('"auth-failures";r=11')]);
  });

  it('auth: who has looked too often from one network can still sign in there, and see on as themselves', async () => {
    await open({ RATE_LIMIT_GENERAL: '5/15m', RATE_LIMIT_USER: '5/15m' });
    const { email } = await world.account('asha@limits.test');
    expect(statuses(await times(6, () => menu('127.0.0.1'))).at(-1)).toBe(429);
    const token = await world.signIn(email);
    expect((await menu('127.0.0.1', {}, token)).status).toBe(200);
    // Nor can anybody keep the hashing busy with a password that is right.
    const answers = await times(6, () => world.call('POST', '/auth/login', { body: { identifier: email, password: 'Dosa-And-Chutney-1!' } }));
    expect(answers.at(-1)?.status).toBe(429);
  });

  it('auth: who guessed too often may still ask for a new password, and codes, links and passkeys are guessed no more often', async () => {
    await open({ RATE_LIMIT_AUTH: '5/15m' });
    const { email } = await world.account('asha@limits.test');
    const ip = '192.0.2.1';
    expect(statuses(await times(6, () => logIn(email, ip))).at(-1)).toBe(429);
    expect((await world.call('POST', '/auth/reset-password', { ip, body: { identifier: email } })).status).toBe(202);
    expect((await world.call('POST', '/auth/verify-email/resend', { ip, body: { identifier: email } })).status).toBe(202);

    const credentialOf = (id: string) => ({
      ...{ id, rawId: id, type: 'public-key' },
      response: { clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'AAAA' },
    });
    const guesses: readonly (readonly [string, object])[] = [
      ['/auth/second-factor', { challenge: 'sf_a.b', code: '492039' }],
      ['/auth/verify-email', { token: 've_a.b' }],
      ['/auth/verify-reset', { token: 'pr_a.b', newPassword: 'Dosa-And-Chutney-1!' }],
      ['/auth/confirm-email', { token: 'ce_a.b' }],
      ['/auth/undo-email', { token: 'ue_a.b' }],
      ['/auth/passkey', { credential: credentialOf('q1w2e3r4t5') }],
    ];
    for (const [path, body] of guesses) {
      const answers = await times(6, () => world.call('POST', path, { ip, body }));
      expect([path, ...statuses(answers).map((status) => status === 429)]).toEqual([path, false, false, false, false, false, true]);
      expect(answers[5]?.body).toMatchObject({ limit: 'auth' });
    }
    expect((await world.call('POST', '/auth/passkey', { ip, body: { credential: credentialOf('another') } })).status).not.toBe(429);
  });

  it('auth: exact when 500 try at once', async () => {
    await open({ RATE_LIMIT_AUTH: '5/15m' });
    const answers = await Promise.all(Array.from({ length: 500 }, () => logIn('nobody@limits.test')));
    expect(answers.filter(({ status }) => status !== 429)).toHaveLength(5);
  });

  it('upload, restaurant: an import is an upload, and a restaurant has a budget that strangers do not touch', async () => {
    await open({ RATE_LIMIT_UPLOAD: '2/1h', RATE_LIMIT_RESTAURANT: '40/15m' });
    const kitchen = await openKitchen(world);
    const importing = () => world.call('POST', `/restaurants/${kitchen.restaurantId}/menu/import`, { token: kitchen.owner, body: { items: [] } });
    const imports = await times(3, importing);
    expect(imports.map(({ status }) => status === 429)).toEqual([false, false, true]);
    expect(imports[2]?.body).toMatchObject({ limit: 'upload' });

    const read = (token: string) => world.get(`/restaurants/${kitchen.restaurantId}/menu`, token);
    await times(50, () => read(kitchen.customer));
    const levels = () => world.get(`/restaurants/${kitchen.restaurantId}/stock-levels`, kitchen.owner);
    expect((await levels()).status).toBe(200);
    expect((await times(40, levels)).at(-1)?.body).toMatchObject({ limit: 'restaurant' });
  });

  it('is believed about the client only by our own proxies, from the end of the list', async () => {
    await open({ RATE_LIMIT_GENERAL: '2/15m' }, { TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8' });
    const via = (forwarded: string, ip = '10.1.2.3') => menu(ip, { 'x-forwarded-for': forwarded });
    // The client writes what it likes at the beginning.
    expect(statuses(await times(3, (i) => via(`1.1.1.${i}, 203.0.113.9`)))).toEqual([200, 200, 429]);
    expect((await via('203.0.113.9, 10.9.9.9', 'fd00::1')).status).toBe(429); // Through two of ours.
    expect((await via('203.0.113.9:5555')).status).toBe(429);
    // From elsewhere the header says nothing.
    expect(statuses(await times(3, (i) => via(`1.1.1.${i}`, '203.0.113.77')))).toEqual([200, 200, 429]);
    // One subscriber is a /64 of IPv6; IPv4 is itself however it is written.
    expect(statuses(await times(3, (i) => via(`2001:db8:1:2::${i}`)))).toEqual([200, 200, 429]);
    expect((await via('2001:db8:1:3::1')).status).toBe(200);
    expect(statuses([await via('::ffff:192.0.2.1'), await via('::FFFF:c000:201'), await via('192.0.2.1')])).toEqual([200, 200, 429]);
    // What is no address ends the walk at the last one that was.
    expect(statuses(await times(3, () => via('unknown', '10.7.7.7')))).toEqual([200, 200, 429]);
  });

  it('let go on who may, except where passwords are tried, and write it down', async () => {
    await open({ RATE_LIMIT_USER: '2/15m', RATE_LIMIT_AUTH: '2/15m' });
    const admin = await world.account('admin@limits.test', 'admin');
    const support = await world.account('support@limits.test', 'support');
    expect(statuses(await times(3, () => world.get('/me', support.token)))).toEqual([200, 200, 429]);
    expect(statuses(await times(5, () => world.get('/me', admin.token)))).toEqual([200, 200, 200, 200, 200]);
    const noted = () => world.container.get(Platform.store).events.filter(({ json }) => json.includes('rate_limit_bypassed'));
    expect(noted()).toMatchObject([{ actor: `account:${admin.accountId}`, json: expect.stringContaining('"limits":["user"]') }]);
    clock.at += 2 * MINUTE;
    await world.get('/me', admin.token);
    expect(noted()).toHaveLength(2);
    expect(statuses(await times(3, () => world.call('POST', '/auth/refresh', { token: admin.token, body: { refreshToken: 'x' } })))).toEqual([
      401, 401, 429,
    ]);
  });
});
