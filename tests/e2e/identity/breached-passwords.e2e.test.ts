import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '#application/shared/ports.ts';
import { Platform } from '#composition/modules/platform.ts';
import { configured } from '../../support/config.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES, testConfig } from '../../support/profiles.ts';
import { type Mood, type RangeService, rangeService } from '../../support/range-service.ts';
import { startWorld, type World } from '../../support/world.ts';

const STOLEN = 'Correct-Horse-7-Battery';
const OWN = 'tiffin-At-7-sharp';
const SAID = 'nobody could say whether a password was stolen';
const BREACHED = {
  status: 422,
  body: { code: 'identity.password_weak', rules: ['breached'], strength: 'weak', detail: expect.stringContaining('stolen') },
};

describe.each(PROFILES)('a password that was stolen elsewhere, on %s', (profile) => {
  let service: RangeService;
  let world: World;
  let kitchen: Kitchen;
  let made = 0;
  const warned: unknown[] = [];
  const log: Log = { info: () => undefined, warn: (what, facts) => void (what === SAID && warned.push(facts)), error: () => undefined };
  beforeAll(async () => {
    service = await rangeService({ [STOLEN]: 42 });
    world = await startWorld(
      profile,
      configured({ breachCheckUrl: service.url }),
      new ContainerModule(({ rebind }) => void rebind(Platform.log).toConstantValue(log)),
    );
    kitchen = await openKitchen(world);
  });
  afterAll(async () => {
    await world?.close();
    await service?.close();
  });
  beforeEach(() => {
    service.mood = 'well';
    service.asked.length = 0;
    warned.length = 0;
  });

  const fresh = () => `careful${++made}@example.com`;
  const register = (email: string, password: string, more: object = {}) =>
    world.post('/auth/register', { email, password, displayName: 'Nila Roy', ...more });
  const login = async (identifier: string, password: string) => world.post('/auth/login', { identifier, password });

  it('opens no account, and no other word of the refusal says why', async () => {
    const email = fresh();
    expect(await register(email, STOLEN)).toMatchObject(BREACHED);
    expect((await register(email, OWN)).status).toBe(201);
    expect(service.asked).toHaveLength(2);
    expect((await register(fresh(), 'short')).body.rules).not.toContain('breached');
    expect(service.asked).toHaveLength(2); // What will not do anyway is nobody else's business.
  });

  it('is no new one, whether it is changed or reset, and costs the link nothing', async () => {
    const email = fresh();
    await register(email, OWN);
    const { accessToken } = (await login(email, OWN)).body;
    const change = (newPassword: string) => world.post('/me/password', { currentPassword: OWN, newPassword }, accessToken);
    expect(await change(STOLEN)).toMatchObject(BREACHED);
    expect((await login(email, OWN)).status).toBe(200);

    await world.post('/auth/reset-password', { identifier: email });
    const token = tokenIn((await mailTo(world.container, email))[0]);
    const reset = (newPassword: string) => world.post('/auth/verify-reset', { token, newPassword });
    expect(await reset(STOLEN)).toMatchObject(BREACHED);
    service.asked.length = 0;
    const guessed = `${token.slice(0, -10)}${[...token.slice(-10)].toReversed().join('')}`;
    expect((await world.post('/auth/verify-reset', { token: guessed, newPassword: STOLEN })).body.code).toBe('identity.token_invalid');
    expect(service.asked).toEqual([]); // Without a link of ours nobody has us ask.
    expect((await reset('Kulfi-at-9-maybe')).status).toBe(204);
  });

  it('brings nobody to work, and the invitation stands', async () => {
    const email = fresh();
    await world.post(`/restaurants/${kitchen.restaurantId}/invitations`, { email, role: 'kitchen' }, kitchen.owner);
    const invitation = tokenIn((await mailTo(world.container, email))[0]);
    expect(await register(email, STOLEN, { invitation })).toMatchObject(BREACHED);
    expect((await register(email, OWN, { invitation })).status).toBe(201);
  });

  it('still opens the account it opened before, without anybody being asked', async () => {
    const email = fresh();
    service.mood = 'failing';
    await register(email, STOLEN);
    service.mood = 'well';
    service.asked.length = 0;
    expect((await login(email, STOLEN)).status).toBe(200);
    expect(service.asked).toEqual([]);
  });

  it.each<Mood>(['failing', 'silent', 'stalling', 'a page', 'endless'])(
    'keeps nobody out while the service is %s: the common list decides, and soon',
    async (mood) => {
      service.mood = mood;
      const began = performance.now();
      expect((await register(fresh(), STOLEN)).status).toBe(201);
      expect(performance.now() - began).toBeLessThan(10_000); // A second to wait, and a busy machine.
      expect((await register(fresh(), 'Password1!')).body.rules).toEqual(['common']);
      expect(warned).toEqual([{ reason: expect.any(String) }]);
    },
  );

  it('is asked for alike whether or not there is an account, and nothing else of the house waits for the answer', async () => {
    const quiet = await startWorld(
      profile,
      configured({ breachCheckUrl: service.url, identity: { ...testConfig.identity, requireVerifiedEmail: true } }),
    );
    try {
      const taken = fresh();
      const registerThere = (email: string, password = OWN) => quiet.post('/auth/register', { email, password, displayName: 'Nila Roy' });
      await registerThere(taken);
      for (const email of [taken, fresh()]) {
        service.asked.length = 0;
        expect((await registerThere(email)).status).toBe(202);
        expect(service.asked).toHaveLength(1);
        expect(await registerThere(email, STOLEN)).toMatchObject(BREACHED);
      }
      service.mood = 'silent';
      const waiting = Array.from({ length: 20 }, () => registerThere(fresh()));
      let answered = 0;
      for (const one of waiting) one.then(() => answered++);
      expect((await quiet.get('/restaurants')).status).toBe(200);
      expect(answered).toBe(0); // No connection to the database is held meanwhile.
      for (const { status } of await Promise.all(waiting)) expect(status).toBe(202);
    } finally {
      await quiet.close();
    }
  });
});
