import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '#composition/modules/identity.ts';
import { ANONYMOUS } from '#domain/shared/actor.ts';
import { eventsOf } from '../../support/events.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Answer, startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const MINUTE = 60_000;

describe.each(PROFILES)('guessing passwords on %s', (profile) => {
  let world: World;
  let clock: VirtualClock;
  let made = 0;

  beforeAll(async () => {
    clock = new VirtualClock(Date.now());
    world = await startWorld(profile, clock.override());
  });
  afterAll(() => world?.close());

  const registered = async (more: object = {}) => {
    const email = `guarded${++made}@example.com`;
    const { status } = await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Ravi Das', ...more });
    expect(status).toBe(201);
    return email;
  };
  const login = (identifier: string, password: string, deviceToken?: string) =>
    world.post('/auth/login', { identifier, password, ...(deviceToken && { deviceToken }) });
  const from = (ip: string) => (identifier: string, password: string) =>
    world.container.get(Identity.useCases).signIn({ identifier, password }, ANONYMOUS, { ip, userAgent: undefined });
  const plain = ({ status, body: { traceId: _, timestamp: __, ...body }, headers }: Answer) => ({ status, body, headers: [...headers.keys()] });

  it('stops after five, the right one included, and answers alike where there is nobody', async () => {
    const known = await registered();
    const unknown = known.replace('guarded', 'nobody');
    for (let i = 0; i < 5; i++) expect(plain(await login(known, 'wrong'))).toEqual(plain(await login(unknown, 'wrong')));
    const [one, other] = [await login(known, PASSWORD), await login(unknown, PASSWORD)];
    expect(plain(one)).toEqual(plain(other));
    expect(one).toMatchObject({ status: 429, body: { code: 'identity.too_many_attempts', retryAfterSeconds: 900 } });
    expect(one.headers.get('retry-after')).toBe('900');
  });

  it('backs off longer each time, and forgives a right password', async () => {
    const email = await registered();
    for (const minutes of [15, 30, 60]) {
      for (let i = 0; i < 5; i++) expect((await login(email, 'wrong')).status).toBe(401);
      expect((await login(email, PASSWORD)).body.retryAfterSeconds).toBe(minutes * 60);
      clock.advance(minutes * MINUTE);
    }
    expect((await login(email, PASSWORD)).status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await login(email, 'wrong')).status).toBe(401);
    expect((await login(email, PASSWORD)).body.retryAfterSeconds).toBe(900);
  });

  it('lets five of a hundred at once reach the password', async () => {
    const email = await registered();
    const hasher = world.container.get(Identity.hasher);
    const verify = hasher.verify.bind(hasher);
    let verified = 0;
    hasher.verify = (...given) => {
      verified += 1;
      return verify(...given);
    };
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => login(email, `wrong-${i}`)));
    hasher.verify = verify;
    expect(verified).toBe(5);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(95);
  });

  it('does not let strangers lock a known device out, nor that device guess for ever', async () => {
    const email = await registered();
    const { deviceToken } = (await login(email, PASSWORD)).body;
    for (let i = 0; i < 20; i++) await from(`203.0.113.${i % 5}`)(email, 'wrong');
    expect((await login(email, PASSWORD)).status).toBe(429);
    expect((await login(email, PASSWORD, deviceToken)).status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await login(email, 'wrong', deviceToken)).status).toBe(401);
    expect((await login(email, PASSWORD, deviceToken)).status).toBe(429);
  });

  it('knows no device of another account, and none from before the password changed', async () => {
    const [mine, theirs] = [await registered(), await registered()];
    const { deviceToken, accessToken } = (await login(mine, PASSWORD)).body;
    for (let i = 0; i < 5; i++) await login(theirs, 'wrong');
    expect((await login(theirs, PASSWORD, deviceToken)).status).toBe(429);
    expect((await login(theirs, PASSWORD, `${deviceToken}x`)).status).toBe(429);
    await world.post('/me/password', { currentPassword: PASSWORD, newPassword: 'Kulfi-at-9-maybe' }, accessToken);
    for (let i = 0; i < 5; i++) await login(mine, 'wrong');
    expect((await login(mine, 'Kulfi-at-9-maybe', deviceToken)).status).toBe(429);
  });

  it('counts one place apart from another, and all of them together', async () => {
    const email = await registered();
    for (let i = 0; i < 5; i++) await from('198.51.100.1')(email, 'wrong');
    expect((await from('198.51.100.1')(email, PASSWORD)).ok).toBe(false);
    expect((await from('198.51.100.2')(email, PASSWORD)).ok).toBe(true);
    for (let i = 0; i < 20; i++) await from(`198.51.100.${10 + i}`)(email, 'wrong');
    expect(await from('198.51.100.99')(email, PASSWORD)).toMatchObject({ ok: false, error: { code: 'identity.too_many_attempts' } });
  });

  it('counts an account under all its names, and says nothing of it', async () => {
    const email = await registered({ phone: '+91 98100 00077', username: 'three.names' });
    for (let i = 0; i < 20; i++) {
      const name = [email, '+919810000077', 'three.names'][i % 3] as string;
      expect(await from(`192.0.2.${i}`)(name, 'wrong')).toMatchObject({ error: { code: 'identity.invalid_credentials' } });
    }
    expect(await from('192.0.2.99')(email, PASSWORD)).toMatchObject({ ok: false, error: { code: 'identity.invalid_credentials' } });
    clock.advance(MINUTE);
    expect((await from('192.0.2.99')(email, PASSWORD)).ok).toBe(true);
  });

  it('leaves one trace of each failure and one of the lock, without what was typed', async () => {
    const email = await registered();
    const before = (await eventsOf(world.container)).length;
    for (let i = 0; i < 7; i++) await login(email, `Wrong-guess-${i}!`);
    const events = (await eventsOf(world.container)).slice(before);
    expect(events.map(({ type }) => type)).toEqual([...Array.from({ length: 5 }, () => 'identity.sign_in_failed'), 'identity.sign_in_locked']);
    expect(events[5]).toMatchObject({ accountId: expect.any(String), step: 'password', availableAt: clock.now() + 15 * MINUTE });
    expect(JSON.stringify(events)).not.toContain('Wrong-guess');
    expect(JSON.stringify(events)).not.toContain(email);
  });
});
