import { ContainerModule } from 'inversify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HasherBusy } from '#application/identity/ports.ts';
import { readConfig } from '#composition/config.ts';
import { Identity } from '#composition/modules/identity.ts';
import { Platform } from '#composition/modules/platform.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES, type Profile, testConfig } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Answer, startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const NEW = 'Kulfi-at-9-maybe';
const SHOP = '203.0.113.9';
const MINUTE = 60_000;
const PRODUCTION = { RATE_LIMIT_GENERAL: '100/15m', RATE_LIMIT_AUTH: '5/15m', RATE_LIMIT_AUTH_FAILURES: '50/15m', RATE_LIMIT_USER: '1000/15m' };
const { limits } = readConfig({ NODE_ENV: 'test', ...PRODUCTION });
// What the database counts may differ between databases; the rest is the edge's.
const ON: readonly Profile[] = PROFILES.filter((profile) => profile !== 'pglite');

describe.each(ON)('with the limits of production, on %s', (profile) => {
  let world: World;
  let clock: VirtualClock;

  beforeEach(async () => {
    clock = new VirtualClock(Date.now());
    world = await startWorld(
      profile,
      new ContainerModule(({ rebind }) => {
        rebind(Platform.config).toConstantValue({ ...testConfig, limits });
        rebind(Platform.clock).toConstantValue(clock);
      }),
    );
  });
  afterEach(() => world?.close());

  const send = (path: string, body: object, ip = SHOP) => world.call('POST', path, { body, ip });
  const login = (identifier: string, password = PASSWORD, deviceToken?: string, ip = SHOP) =>
    send('/auth/login', { identifier, password, ...(deviceToken !== undefined && { deviceToken }) }, ip);
  const people = async (count: number): Promise<string[]> => {
    const emails = Array.from({ length: count }, (_, i) => `cook${i}@example.com`);
    for (const [i, email] of emails.entries()) {
      const body = { email, password: PASSWORD, displayName: 'Ravi Das' };
      expect((await send('/auth/register', body, `198.51.100.${i}`)).status).toBe(201);
    }
    return emails;
  };
  const retryOf = ({ body, headers }: Answer): number => {
    expect(headers.get('retry-after')).toBe(String(body.retryAfterSeconds));
    return body.retryAfterSeconds * 1_000;
  };
  /** Somebody on the same network uses up all that it may try. */
  const useUp = async () => {
    let last: Answer | undefined;
    for (let i = 0; i < 60; i++) last = await login(`guess${i}@example.com`, 'wrong');
    expect(last).toMatchObject({ status: 429, body: { code: 'http.too_many_requests', limit: 'auth-failures' } });
  };

  it('all the staff behind one address signs in at once, mistyping once each, and renews its sessions', async () => {
    const staff = await people(40);
    const statuses = new Set<number>();
    const sessions: string[] = [];
    for (const email of staff) {
      expect((await login(email, 'wrong')).status).toBe(401);
      const { status, body } = await login(email);
      statuses.add(status);
      sessions.push(body.refreshToken);
    }
    for (const refreshToken of sessions) statuses.add((await send('/auth/refresh', { refreshToken })).status);
    expect(statuses).toEqual(new Set([200]));
  });

  it('a guest on the same network cannot keep out a device or a session that is known', async () => {
    const [email] = (await people(1)) as [string];
    const { deviceToken, refreshToken } = (await login(email)).body;
    await useUp();
    const stranger = await login(email);
    expect(stranger).toMatchObject({ status: 429, body: { limit: 'auth-failures' } });
    expect((await login(email, PASSWORD, `${deviceToken.slice(0, -1)}_`)).status).toBe(429);
    expect((await send('/auth/refresh', { refreshToken: `${refreshToken.slice(0, -1)}_` })).status).toBe(429);
    expect((await login(email, PASSWORD, deviceToken)).status).toBe(200);
    expect((await send('/auth/refresh', { refreshToken })).status).toBe(200);
    // The device is no way to guess more than anybody else.
    for (let i = 0; i < 5; i++) expect((await login(email, 'wrong', deviceToken)).status).toBe(401);
    expect((await login(email, PASSWORD, deviceToken)).body.code).toBe('identity.too_many_attempts');
    clock.advance(retryOf(stranger));
    expect((await login('somebody@example.com')).status).toBe(401);
  });

  it('whoever guessed too often is told when to come back, by one count, and that is when they can', async () => {
    const [email] = (await people(1)) as [string];
    for (const minutes of [15, 30, 60]) {
      for (let i = 0; i < 5; i++) expect((await login(email, 'wrong')).status).toBe(401);
      clock.advance(MINUTE);
      const refused = await login(email);
      expect(refused).toMatchObject({ status: 429, body: { code: 'identity.too_many_attempts' } });
      expect(retryOf(refused)).toBe((minutes - 1) * MINUTE);
      clock.advance(retryOf(refused));
    }
    expect((await login(email)).status).toBe(200);
  });

  it('whoever knocks at a locked door takes nothing from the others of their network', async () => {
    const [email] = (await people(1)) as [string];
    for (let i = 0; i < 30; i++) await login(email, 'wrong');
    expect((await login('other@example.com', 'wrong')).headers.get('ratelimit')).toMatch(/"auth-failures";r=44/);
  });

  it('whoever was locked out and sets a new password is let in at once', async () => {
    const [email] = (await people(1)) as [string];
    for (let i = 0; i < 6; i++) await login(email, 'wrong');
    expect((await send('/auth/reset-password', { identifier: email })).status).toBe(202);
    const token = tokenIn((await mailTo(world.container, email))[0]);
    expect((await send('/auth/verify-reset', { token, newPassword: NEW })).status).toBe(204);
    expect((await login(email, NEW)).status).toBe(200);
  });

  it('a hundred guesses at once reach the password five times, from however many networks twenty', async () => {
    const [email, other] = (await people(2)) as [string, string];
    const hasher = world.container.get(Identity.hasher);
    const verify = hasher.verify.bind(hasher);
    let verified = 0;
    hasher.verify = (...given) => {
      verified += 1;
      return verify(...given);
    };
    await Promise.all(Array.from({ length: 90 }, (_, i) => login(email, `wrong-${i}`, `kd1.aaaaaaaa.${crypto.randomUUID()}.${'A'.repeat(43)}`)));
    expect(verified).toBe(5);
    await Promise.all(Array.from({ length: 100 }, (_, i) => login(other, `wrong-${i}`, undefined, `192.0.2.${i}`)));
    expect(verified).toBe(5 + 20);
  });

  it('asking for mail too often is answered with when there will be more, however often', async () => {
    for (let i = 0; i < 9; i++) {
      const { status, body } = await send('/auth/reset-password', { identifier: 'nobody@example.com' });
      if (i < 3) expect([status, body.attemptsRemaining]).toEqual([202, 2 - i]);
      else expect([status, body.code, body.nextResetAvailableIn]).toEqual([429, 'identity.reset_limit', 3_600]);
    }
  });

  it('when there is no room for the work, nobody is a guess nearer to the lock', async () => {
    const [email] = (await people(1)) as [string];
    const hasher = world.container.get(Identity.hasher);
    const verify = hasher.verify;
    hasher.verify = () => Promise.reject(new HasherBusy('no room'));
    for (let i = 0; i < 8; i++) {
      const busy = await login(email);
      expect([busy.status, busy.body.code, busy.headers.get('retry-after')]).toEqual([503, 'identity.busy', '2']);
    }
    hasher.verify = verify;
    expect((await login(email)).status).toBe(200);
  });
});
