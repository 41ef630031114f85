import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HasherBusy } from '#application/identity/ports.ts';
import { Identity } from '#composition/modules/identity.ts';
import { PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const TOKENS = {
  accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  tokenType: 'Bearer',
  expiresIn: 900,
  refreshToken: expect.stringMatching(/^rt1\.[\w-]{8}\.[\w-]{22}\.\d+\.[\w-]{43}$/),
};

describe.each(PROFILES)('identity over HTTP on %s', (profile) => {
  let world: World;
  let made = 0;

  beforeAll(async () => {
    world = await startWorld(profile);
  });
  afterAll(() => world?.close());

  const person = () => ({ email: `guest${++made}@example.com`, password: PASSWORD, displayName: 'Asha Rao' });
  const registered = async () => {
    const body = person();
    const { status } = await world.post('/auth/register', body);
    expect(status).toBe(201);
    return body;
  };
  const login = async ({ email, password }: { email: string; password: string }) =>
    (await world.post('/auth/login', { identifier: email, password })).body;

  it('registers, signs in, says who it is, renews and signs out', async () => {
    const asha = person();
    const account = await world.post('/auth/register', { ...asha, email: asha.email.toUpperCase() });
    expect(account.status).toBe(201);
    expect(account.body).toEqual({
      id: expect.any(String),
      email: asha.email,
      emailVerified: false,
      phone: null,
      username: null,
      displayName: 'Asha Rao',
      platformRoles: [],
      registeredAt: INSTANT,
    });

    const tokens = await world.post('/auth/login', { identifier: asha.email, password: PASSWORD });
    expect([tokens.status, tokens.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(tokens.body).toEqual({ ...TOKENS, deviceToken: expect.stringMatching(/^kd1\.[\w-]{8}\.[0-9a-f-]{36}\.[\w-]{43}$/) });

    const me = await world.get('/me', tokens.body.accessToken);
    expect([me.status, me.body]).toEqual([200, { ...account.body, grants: [] }]);

    const renewed = await world.post('/auth/refresh', { refreshToken: tokens.body.refreshToken });
    expect([renewed.status, renewed.body]).toEqual([200, TOKENS]);
    expect(renewed.body.refreshToken).not.toBe(tokens.body.refreshToken);

    const out = await world.post('/auth/logout', undefined, renewed.body.accessToken);
    expect([out.status, out.body]).toEqual([204, '']);
    for (const { accessToken } of [tokens.body, renewed.body]) expect((await world.get('/me', accessToken)).status).toBe(401);
    expect(await world.post('/auth/refresh', { refreshToken: renewed.body.refreshToken })).toMatchObject({
      status: 401,
      body: { code: 'identity.refresh_token_invalid' },
    });
  });

  it('shows what an owner may do, and only there', async () => {
    const admin = await world.account(`boss${++made}@example.com`, 'admin');
    expect((await world.get('/me', admin.token)).body.platformRoles).toEqual(['admin']);
    const owner = await registered();
    const { accessToken } = await login(owner);
    expect((await world.get('/me', accessToken)).body.grants).toEqual([]);
    const opened = await world.post('/restaurants', { name: 'Annapurna', ownerEmail: owner.email }, admin.token);
    expect(opened.status).toBe(201);
    const { body } = await world.get('/me', accessToken);
    expect(body.grants).toEqual([
      { restaurantId: opened.body.id, role: 'owner', permissions: expect.arrayContaining(['restaurants:create', 'staff:write', 'orders:accept']) },
    ]);
    expect(body.grants[0].permissions).not.toContain('platform:operate');
  });

  it.each([
    ['/auth/register', { email: 'nobody', password: PASSWORD, displayName: 'A' }, 422, 'identity.email_malformed'],
    ['/auth/register', { email: 'a@example.com,b@example.com', password: PASSWORD, displayName: 'A' }, 422, 'identity.email_malformed'],
    ['/auth/register', { email: 'a@example.com', password: PASSWORD, displayName: 'A\r\nBcc: x' }, 422, 'identity.display_name_malformed'],
    ['/auth/register', { email: 'a@example.com', password: 'Password1!', displayName: 'A' }, 422, 'identity.password_weak'],
    ['/auth/register', { email: 'a@example.com', password: PASSWORD, displayName: 'A', platformRole: 'admin' }, 400, 'http.invalid_request'],
    ['/auth/register', { email: ['a@example.com'], password: PASSWORD, displayName: 'A' }, 400, 'http.invalid_request'],
    ['/auth/register', { email: 'a@example.com', password: 'x'.repeat(257), displayName: 'A' }, 400, 'http.invalid_request'],
    ['/auth/login', { identifier: 'a@example.com' }, 400, 'http.invalid_request'],
    ['/auth/login', { identifier: 'nobody@example.com', password: PASSWORD }, 401, 'identity.invalid_credentials'],
    ['/auth/refresh', { refreshToken: 'x' }, 401, 'identity.refresh_token_invalid'],
    ['/auth/refresh', { refreshToken: null }, 400, 'http.invalid_request'],
    ['/auth/logout', undefined, 401, 'http.unauthenticated'],
  ])('%s answers %j with a problem', async (path, sent, status, code) => {
    const { body, headers, ...answer } = await world.post(path, sent);
    expect(answer.status).toBe(status);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ status, code, type: `/problems#${code}`, title: expect.any(String), detail: expect.any(String) });
  });

  it('says which rules a password fails', async () => {
    const { body } = await world.post('/auth/register', { ...person(), password: 'asha' });
    expect(body.rules).toEqual(['too_short', 'no_upper', 'no_digit', 'no_special', 'own_words', 'common']);
    expect(body.detail).toContain('at least 8 characters');
  });

  it('answers a taken address, and every failed sign-in alike', async () => {
    const asha = await registered();
    expect(await world.post('/auth/register', asha)).toMatchObject({ status: 409, body: { code: 'identity.email_taken' } });
    const wrong = await world.post('/auth/login', { identifier: asha.email, password: 'wrong' });
    const unknown = await world.post('/auth/login', { identifier: 'nobody@example.com', password: 'wrong' });
    const plain = ({ traceId: _, timestamp: __, ...body }: Record<string, unknown>) => body;
    expect(plain(wrong.body)).toEqual(plain(unknown.body));
    expect([...wrong.headers.keys()]).toEqual([...unknown.headers.keys()]);
  });

  it('takes nothing but an access token of ours as proof', async () => {
    const { accessToken, refreshToken } = await login(await registered());
    for (const authorization of [
      'Bearer',
      'Bearer ',
      'Bearer  x y',
      `Basic ${accessToken}`,
      `Token ${accessToken}`,
      accessToken,
      `Bearer ${refreshToken}`,
      `Bearer ${accessToken}x`,
      `Bearer ${'x'.repeat(8_000)}`,
      `Bearer ${accessToken.split('.').slice(0, 2).join('.')}.`,
    ]) {
      const answer = await world.call('GET', '/me', { headers: { authorization } });
      expect([answer.status, answer.body.code]).toEqual([401, 'http.unauthenticated']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
    expect((await world.call('GET', `/me?access_token=${accessToken}`)).status).toBe(401);
    expect(await world.post('/auth/refresh', { refreshToken: accessToken })).toMatchObject({ status: 401 });
  });

  it('gives twenty tabs that renew at once the same next token', async () => {
    const { refreshToken } = await login(await registered());
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.post('/auth/refresh', { refreshToken })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    for (const { body } of answers) expect((await world.get('/me', body.accessToken)).status).toBe(200);
  });

  it('registers one of ten who want one address at once', async () => {
    const asha = person();
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.post('/auth/register', asha)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
  });
});

describe('identity when too many sign in at once', () => {
  it('says when to come back', async () => {
    const busy = () => Promise.reject(new HasherBusy('no room'));
    const world = await startWorld('memory');
    try {
      const hasher = world.container.get(Identity.hasher);
      hasher.verify = busy;
      hasher.hash = busy;
      const asha = { email: 'asha@example.com', password: PASSWORD, displayName: 'Asha Rao' };
      for (const answer of [
        await world.post('/auth/login', { identifier: asha.email, password: PASSWORD }),
        await world.post('/auth/register', asha),
      ]) {
        expect(answer).toMatchObject({ status: 503, body: { code: 'identity.busy', retryAfterSeconds: 2 } });
      }
    } finally {
      await world.close();
    }
  });
});
