import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '#adapters/shared/eventually.ts';
import { Authenticator } from '../../support/authenticator.ts';
import { configured } from '../../support/config.ts';
import { eventsOf } from '../../support/events.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES, testConfig } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Answer, startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const NEW = 'Kulfi-at-9-maybe';
const STEP = 30_000;
const MINUTE = 60_000;

// PGlite runs the statements that PostgreSQL runs.
describe.each(PROFILES.filter((profile) => profile !== 'pglite' || PROFILES.length === 2))('every way in on %s', (profile) => {
  let world: World;
  let clock: VirtualClock;
  let made = 0;

  beforeAll(async () => {
    clock = new VirtualClock(1_790_000_000_000);
    world = await startWorld(profile, clock.override());
  });
  afterAll(() => world?.close());

  const codeOf = (secret: string, steps = 0) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() + steps * STEP });
  const login = (identifier: string, password = PASSWORD) => world.post('/auth/login', { identifier, password });
  const answer = (challenge: string, code: string, headers?: Record<string, string>) =>
    world.post('/auth/second-factor', { challenge, code }, undefined, headers);
  const plain = ({ status, body: { traceId: _, timestamp: __, ...body }, headers }: Answer) => ({ status, body, headers: [...headers.keys()] });
  const mails = async (email: string) => (await mailTo(world.container, email)).map(({ subject, text }) => `${subject}: ${text}`);
  const person = async () => {
    const email = `walker${++made}@example.com`;
    expect((await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Tara Sen' })).status).toBe(201);
    const { body } = await login(email);
    return { email, token: body.accessToken as string, refreshToken: body.refreshToken as string };
  };
  const keyed = async (token: string) => {
    const phone = new Authenticator('http://thali.test');
    const asked = (await world.post('/me/passkeys/options', { password: PASSWORD }, token)).body;
    expect((await world.post('/me/passkeys', { name: 'Phone', credential: phone.create(asked) }, token)).status).toBe(201);
    return phone;
  };
  const byPasskey = async (phone: Authenticator) =>
    world.post('/auth/passkey', { credential: phone.get((await world.post('/auth/passkey/options', undefined)).body) });
  const resetLink = async (email: string) => {
    await world.post('/auth/reset-password', { identifier: email });
    return tokenIn((await mailTo(world.container, email))[0]);
  };
  const enrolled = async () => {
    const me = await person();
    const { secret } = (await world.post('/me/second-factor', { password: PASSWORD }, me.token)).body;
    const { body } = await world.post('/me/second-factor/confirmation', { code: codeOf(secret) }, me.token);
    clock.advance(STEP);
    return { ...me, secret: secret as string, codes: body.backupCodes as string[] };
  };

  it('is shut to an account that was closed, and answers as if there had never been one', async () => {
    const { email, token, refreshToken } = await person();
    const phone = await keyed(token);
    const [welcome] = (await mailTo(world.container, email)).slice(-1);
    const reset = await resetLink(email);
    expect((await world.call('DELETE', '/me', { body: { password: PASSWORD }, token })).status).toBe(204);
    expect(plain(await login(email))).toEqual(plain(await login('never@example.com')));
    expect((await byPasskey(phone)).status).toBe(401);
    expect((await world.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await world.get('/me', token)).status).toBe(401);
    expect((await world.post('/auth/verify-reset', { token: reset, newPassword: NEW })).status).toBe(400);
    expect((await world.post('/auth/verify-email', { token: tokenIn(welcome) })).status).toBe(400);
    expect((await login(email, NEW)).status).toBe(401);
  });

  it('asks for the second factor, also after a reset, but of a passkey, which is two in one', async () => {
    const { email, secret, token } = await enrolled();
    const [welcome] = (await mailTo(world.container, email)).slice(-1);
    expect((await world.post('/auth/verify-email', { token: tokenIn(welcome) })).status).toBe(204);
    const phone = await keyed(token);
    expect((await login(email)).body).toMatchObject({ secondFactorRequired: true });
    expect((await world.post('/auth/verify-reset', { token: await resetLink(email), newPassword: NEW })).status).toBe(204);
    expect((await world.get('/me', token)).status).toBe(401);
    const { body } = await login(email, NEW);
    expect(Object.keys(body)).toEqual(['secondFactorRequired', 'challenge', 'expiresIn', 'methods']);
    expect((await answer(body.challenge, codeOf(secret))).status).toBe(200);
    expect((await byPasskey(phone)).status).toBe(200);
  });

  it('takes no code of two steps before or after, whatever time the caller says it is', async () => {
    const { email, secret } = await enrolled();
    const { challenge } = (await login(email)).body;
    for (const steps of [-2, 2]) {
      const late = new Date(clock.now() + steps * STEP).toUTCString();
      expect((await answer(challenge, codeOf(secret, steps), { date: late, 'x-timestamp': late })).body.code).toBe('identity.code_invalid');
    }
    expect((await world.post('/auth/second-factor', { challenge, code: codeOf(secret), timestamp: clock.now() })).status).toBe(400);
    expect((await answer(challenge, codeOf(secret, 1))).status).toBe(200);
    // The code of now is older than the one that was taken.
    expect((await answer((await login(email)).body.challenge, codeOf(secret))).body.code).toBe('identity.code_invalid');
  });

  it('gives a challenge that is no token, and each token for its own purpose only', async () => {
    const { email, secret } = await enrolled();
    const { challenge } = (await login(email)).body;
    const signedIn = (await answer(challenge, codeOf(secret))).body;
    const reset = await resetLink(email);
    const other = await login(email);
    const texts = [other.body.challenge, reset, signedIn.refreshToken, signedIn.deviceToken, secret];
    for (const text of texts) {
      expect((await world.get('/me', text)).status).toBe(401);
      if (text !== signedIn.refreshToken) expect((await world.post('/auth/refresh', { refreshToken: text })).status).toBe(401);
      expect((await world.post('/auth/verify-email', { token: text })).status).toBe(400);
      if (text !== reset) expect((await world.post('/auth/verify-reset', { token: text, newPassword: NEW })).status).toBe(400);
    }
    expect((await world.post('/auth/refresh', { refreshToken: signedIn.accessToken })).status).toBe(401);
  });

  it('is shut again by the theft of a renewal: within ten seconds all get one successor, later the family ends', async () => {
    const { refreshToken: first } = await person();
    const renew = (refreshToken: string) => world.post('/auth/refresh', { refreshToken });
    const [one, again] = [await renew(first), await renew(first)];
    expect(again.body.refreshToken).toBe(one.body.refreshToken);
    const second = await renew(one.body.refreshToken);
    expect(second.status).toBe(200);
    // The first one is two steps old now: no grace for it.
    expect(await renew(first)).toMatchObject({ status: 401, body: { code: 'identity.refresh_token_reused' } });
    expect((await renew(second.body.refreshToken)).status).toBe(401);
    expect((await world.get('/me', second.body.accessToken)).status).toBe(401);
    const reused = (await eventsOf(world.container)).filter(({ type, reason }) => type === 'identity.session_revoked' && reason === 'token_reused');
    expect(reused).toHaveLength(1);
  });

  it('is shut to a session that was left idle for a week, and to every session after thirty days', async () => {
    const idle = await person();
    clock.advance(7 * 24 * 60 * MINUTE + 1_000);
    expect((await world.post('/auth/refresh', { refreshToken: idle.refreshToken })).body.code).toBe('identity.session_expired');
    let { refreshToken } = await person();
    for (let day = 0; day < 29; day++) {
      clock.advance(24 * 60 * MINUTE);
      const renewed = await world.post('/auth/refresh', { refreshToken });
      expect(renewed.status).toBe(200);
      ({ refreshToken } = renewed.body);
    }
    clock.advance(24 * 60 * MINUTE + 1_000);
    expect((await world.post('/auth/refresh', { refreshToken })).body.code).toBe('identity.session_expired');
  });

  it('tells its owner of each change to it, at the address it had, and nothing that opens it', async () => {
    const { email, token } = await person();
    const me = (method: string, path: string, body: object) => world.call(method, path, { body, token });
    const told = async (about: RegExp, to = email) => {
      const mail = await vi.waitFor(async () => (await mails(to)).find((one) => about.test(one)) ?? expect.fail(`no mail about ${about}`), 10_000);
      expect(mail).not.toContain(PASSWORD);
      expect(mail).not.toContain(NEW);
    };
    await me('PATCH', '/me', { phone: `+91 98100 02${String(made).padStart(3, '0')}` });
    await told(/What you sign in with was changed: your phone number/);
    await me('PATCH', '/me', { displayName: 'Tara' });
    await me('PATCH', '/me', { username: `tara.${profile}`, phone: null });
    await told(/What you sign in with was changed: your phone number and username/);
    const { secret } = (await me('POST', '/me/second-factor', { password: PASSWORD })).body;
    const { backupCodes } = (await me('POST', '/me/second-factor/confirmation', { code: codeOf(secret) })).body;
    await told(/second factor was turned on/);
    const renewed = (await me('POST', '/me/second-factor/backup-codes', { password: PASSWORD, code: backupCodes[0] })).body.backupCodes;
    await told(/backup codes were replaced/);
    await me('DELETE', '/me/second-factor', { password: PASSWORD, code: renewed[0] });
    await told(/second factor was turned off/);
    await keyed(token);
    await told(/passkey was added/);
    await me('POST', '/me/password', { currentPassword: PASSWORD, newPassword: NEW });
    await told(/Your password was changed/);
    await me('POST', '/me/email', { email: `new-${email}`, password: NEW });
    await told(/about to change/);
    await world.post('/auth/confirm-email', { token: tokenIn((await mailTo(world.container, `new-${email}`))[0]) });
    await told(/Your e-mail address was changed/);
    const texts = (await mails(email)).join('\n');
    for (const code of [...backupCodes, ...renewed, secret]) expect(texts).not.toContain(code);
  });

  it('tells who makes an API key in their name', async () => {
    const admin = await world.account(`chief${++made}@example.com`, 'admin');
    const owner = await world.account(`keeper${made}@example.com`);
    const { id } = (await world.post('/restaurants', { name: 'Annapurna', ownerEmail: owner.email }, admin.token)).body;
    const { token } = (await world.post(`/restaurants/${id}/api-keys`, { name: 'Till', scopes: ['orders:read'] }, owner.token)).body;
    const about = async () => (await mails(owner.email)).filter((mail) => mail.includes('API key'));
    const told = await eventually(about, ({ length }) => length > 0, 10_000);
    expect(told[0]).toContain('Till');
    expect(told[0]).not.toContain(token);
  });

  it('pending changes die with the password that asked for them', async () => {
    const { email, token } = await person();
    expect((await world.post('/me/email', { email: `thief-${email}`, password: PASSWORD }, token)).status).toBe(202);
    const pending = tokenIn((await mailTo(world.container, `thief-${email}`))[0]);
    const older = await resetLink(email);
    const newer = await resetLink(email);
    expect((await world.post('/auth/verify-reset', { token: newer, newPassword: NEW })).status).toBe(204);
    expect((await world.post('/auth/confirm-email', { token: pending })).body.code).toBe('identity.token_invalid');
    expect((await world.post('/auth/verify-reset', { token: older, newPassword: PASSWORD })).body.code).toBe('identity.token_invalid');
    expect((await login(email, NEW)).status).toBe(200);
  });

  it('sends nobody more than three mails about changes that strangers ask for, whatever account they ask from', async () => {
    const victim = `victim${++made}@example.com`;
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await world.post('/me/email', { email: victim, password: PASSWORD }, (await person()).token)).status);
    expect(statuses).toEqual([202, 202, 202, 429, 429]);
    expect(await mails(victim)).toHaveLength(3);
  });
});

describe('what moves money or hands out keys', () => {
  it('takes a second factor of whose role may, where the house wants that', async () => {
    const identity = { ...testConfig.identity, secondFactorRoles: ['owner', 'admin'] };
    const clock = new VirtualClock(1_790_000_000_000);
    const world = await startWorld('memory', configured({ identity }), clock.override());
    try {
      const password = 'Dosa-And-Chutney-1!';
      const strengthen = async (token: string) => {
        const { secret } = (await world.post('/me/second-factor', { password }, token)).body;
        const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() });
        expect((await world.post('/me/second-factor/confirmation', { code }, token)).status).toBe(200);
      };
      const admin = await world.account('chief@example.com', 'admin');
      await strengthen(admin.token);
      const owner = await world.account('owner@example.com');
      const { id } = (await world.post('/restaurants', { name: 'Annapurna', ownerEmail: owner.email }, admin.token)).body;
      const dangerous: readonly (readonly [string, string, object])[] = [
        ['PUT', `/restaurants/${id}/payout-account`, {}],
        ['POST', `/restaurants/${id}/api-keys`, { name: 'Till', scopes: ['orders:read'] }],
        ['POST', `/restaurants/${id}/staff`, { email: admin.email, role: 'owner' }],
        ['GET', `/restaurants/${id}/audit/entries.csv`, {}],
      ];
      const attempt = async (method: string, path: string, body: object) =>
        (await world.call(method, path, { token: owner.token, ...(method !== 'GET' && { body }) })).body.code;
      for (const [method, path, body] of dangerous) expect([path, await attempt(method, path, body)]).toEqual([path, 'http.second_factor_required']);
      await strengthen(owner.token);
      for (const [method, path, body] of dangerous) expect(await attempt(method, path, body)).not.toBe('http.second_factor_required');
    } finally {
      await world.close();
    }
  });
});
