import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '#composition/modules/identity.ts';
import { ANONYMOUS, system } from '#domain/shared/actor.ts';
import { configured } from '../../support/config.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES, testConfig } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const STEP = 30_000;
const MINUTE = 60_000;

describe.each(PROFILES)('a second factor on %s', (profile) => {
  let world: World;
  let clock: VirtualClock;
  let made = 0;

  beforeAll(async () => {
    clock = new VirtualClock(1_790_000_000_000);
    world = await startWorld(profile, clock.override());
  });
  afterAll(() => world?.close());

  const codeOf = (secret: string, at = clock.now()) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });
  const login = (identifier: string, password = PASSWORD) => world.post('/auth/login', { identifier, password });
  const answer = (challenge: string, code: string) => world.post('/auth/second-factor', { challenge, code });
  const challengeFor = async (email: string): Promise<string> => (await login(email)).body.challenge;
  const person = async () => {
    const email = `careful${++made}@example.com`;
    await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Tara Sen' });
    return { email, token: (await login(email)).body.accessToken as string };
  };
  /** Somebody with a second factor, and a clock that is past the code that turned it on. */
  const enrolled = async () => {
    const { email, token } = await person();
    const { secret } = (await world.post('/me/second-factor', { password: PASSWORD }, token)).body;
    const { body } = await world.post('/me/second-factor/confirmation', { code: codeOf(secret) }, token);
    clock.advance(STEP);
    return { email, token, secret: secret as string, codes: body.backupCodes as string[] };
  };

  it('is set up with a picture, and asked for once a first code was shown', async () => {
    const { email, token } = await person();
    const other = (await login(email)).body;
    expect(await world.post('/me/second-factor', { password: 'wrong' }, token)).toMatchObject({ status: 403 });
    expect(await world.post('/me/second-factor/confirmation', { code: '000000' }, token)).toMatchObject({
      status: 409,
      body: { code: 'identity.second_factor_not_begun' },
    });
    const begun = await world.post('/me/second-factor', { password: PASSWORD }, token);
    expect(begun.status).toBe(201);
    const { secret, url, qrCode } = begun.body;
    expect(url).toBe(`otpauth://totp/Thali:${encodeURIComponent(email)}?issuer=Thali&secret=${secret}&algorithm=SHA1&digits=6&period=30`);
    expect(Buffer.from(qrCode.replace('data:image/png;base64,', ''), 'base64').subarray(1, 4).toString()).toBe('PNG');

    expect((await login(email)).body.accessToken).toBeDefined(); // Begun is not on: nobody is locked out by half a set-up.
    const wrong = codeOf(secret, clock.now() + 10 * STEP);
    expect(await world.post('/me/second-factor/confirmation', { code: wrong }, token)).toMatchObject({
      status: 403,
      body: { code: 'identity.code_wrong' },
    });
    const confirmed = await world.post('/me/second-factor/confirmation', { code: codeOf(secret) }, token);
    expect(confirmed.status).toBe(200);
    expect(confirmed.body.backupCodes).toHaveLength(10);
    expect((await world.get('/me/second-factor', token)).body).toEqual({ isOn: true, isRequired: false, backupCodesLeft: 10 });
    expect((await world.get('/me/sessions', token)).body.data).toMatchObject([{ isCurrent: true, proofs: ['password', 'totp'] }]);
    expect((await world.get('/me', other.accessToken)).status).toBe(401);
    expect((await mailTo(world.container, email))[0]?.text).toContain('second factor was turned on');
    expect((await world.post('/me/second-factor', { password: PASSWORD }, token)).body.code).toBe('identity.second_factor_on');
  });

  it('stands between the password and a session', async () => {
    const { email, secret } = await enrolled();
    expect((await login(email, 'wrong')).body.code).toBe('identity.invalid_credentials');
    const { status, body } = await login(email);
    expect([status, Object.keys(body)]).toEqual([200, ['secondFactorRequired', 'challenge', 'expiresIn', 'methods']]);
    for (const token of [body.challenge]) expect((await world.get('/me', token)).status).toBe(401);
    expect((await world.post('/auth/refresh', { refreshToken: body.challenge })).status).toBe(401);

    expect(await answer(body.challenge, codeOf(secret, clock.now() - 2 * STEP))).toMatchObject({
      status: 401,
      body: { code: 'identity.code_invalid' },
    });
    const code = codeOf(secret);
    const signedIn = await answer(body.challenge, ` ${code.slice(0, 3)} ${code.slice(3)}`);
    expect(signedIn.status).toBe(200);
    expect((await world.get('/me/sessions', signedIn.body.accessToken)).body.data[0].proofs).toEqual(['password', 'totp']);
    expect(await answer(body.challenge, codeOf(secret, clock.now() + STEP))).toMatchObject({
      status: 401,
      body: { code: 'identity.challenge_invalid' },
    });
    expect(await answer(await challengeFor(email), code)).toMatchObject({ status: 401, body: { code: 'identity.code_invalid' } }); // Each code once.
  });

  it('takes a challenge for five minutes, of its own account and password only', async () => {
    const [mine, theirs] = [await enrolled(), await enrolled()];
    const late = await challengeFor(mine.email);
    clock.advance(5 * MINUTE);
    expect((await answer(late, codeOf(mine.secret))).body.code).toBe('identity.challenge_invalid');
    expect((await answer(await challengeFor(mine.email), codeOf(theirs.secret))).body.code).toBe('identity.code_invalid');
    const before = await challengeFor(mine.email);
    await world.post('/me/password', { currentPassword: PASSWORD, newPassword: 'Kulfi-at-9-maybe' }, (await signedIn(mine)).accessToken);
    clock.advance(STEP);
    expect((await answer(before, codeOf(mine.secret))).body.code).toBe('identity.challenge_invalid');
    for (const text of ['', 'sf_x.y', `sf_${'A'.repeat(22)}.${'A'.repeat(43)}`]) expect((await answer(text, '123456')).status).toBeLessThan(402);
  });

  const signedIn = async ({ email, secret }: { email: string; secret: string }): Promise<Json> => {
    const { status, body } = await answer(await challengeFor(email), codeOf(secret));
    expect(status).toBe(200);
    clock.advance(STEP);
    return body;
  };

  it('stops wrong codes after five, apart from wrong passwords, and however many at once', async () => {
    const { email, secret } = await enrolled();
    const challenge = await challengeFor(email);
    const wrong = (i: number) => String((Number(codeOf(secret)) + 1 + i) % 1_000_000).padStart(6, '0');
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => answer(challenge, wrong(i))));
    expect(answers.filter(({ body }) => body.code === 'identity.code_invalid')).toHaveLength(5);
    expect(answers.filter(({ body }) => body.code === 'identity.too_many_attempts' || body.code === 'identity.challenge_invalid')).toHaveLength(25);
    const next = await login(email); // The password still works: only the codes are locked.
    expect(next.status).toBe(200);
    expect(await answer(next.body.challenge, codeOf(secret))).toMatchObject({ status: 429, body: { code: 'identity.too_many_attempts' } });
    clock.advance(5 * MINUTE);
    expect((await answer(await challengeFor(email), codeOf(secret))).status).toBe(200);
  });

  it('takes one code of the phone once, of twenty at once', async () => {
    const { email, secret } = await enrolled();
    const challenges = [await challengeFor(email)];
    const answers = await Promise.all(Array.from({ length: 20 }, () => answer(challenges[0] as string, codeOf(secret))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('takes each backup code once, of twenty at once, however it is typed', async () => {
    const { email, codes, token } = await enrolled();
    const challenge = await challengeFor(email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => answer(challenge, codes[3] as string)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    clock.advance(60 * MINUTE);
    expect((await answer(await challengeFor(email), codes[3] as string)).body.code).toBe('identity.code_invalid');
    const typed = (codes[4] as string).toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect((await answer(await challengeFor(email), typed)).status).toBe(200);
    expect((await world.get('/me/second-factor', token)).status).toBe(401); // An hour has passed; tokens last a quarter.
    const { body } = await answer(await challengeFor(email), codes[5] as string);
    expect((await world.get('/me/second-factor', body.accessToken)).body.backupCodesLeft).toBe(7);
    expect((await world.get('/me/sessions', body.accessToken)).body.data[0].proofs).toEqual(['password', 'backup_code']);
  });

  it('gets new backup codes, and goes, for both proofs only', async () => {
    const me = await enrolled();
    const both = (method: string, path: string, code: string, password = PASSWORD) =>
      world.call(method, path, { body: { password, code }, token: me.token });
    expect((await both('POST', '/me/second-factor/backup-codes', codeOf(me.secret), 'wrong')).body.code).toBe('identity.password_wrong');
    expect((await both('POST', '/me/second-factor/backup-codes', '01-AAAAA-AAAAA')).body.code).toBe('identity.code_wrong');
    const renewed = await both('POST', '/me/second-factor/backup-codes', codeOf(me.secret));
    expect(renewed.status).toBe(200);
    expect((await both('DELETE', '/me/second-factor', me.codes[0] as string)).body.code).toBe('identity.code_wrong'); // Of before.
    const [first] = renewed.body.backupCodes;
    expect((await both('DELETE', '/me/second-factor', first)).status).toBe(204); // The phone is lost: paper will do.
    expect((await login(me.email)).body.accessToken).toBeDefined();
    expect((await mailTo(world.container, me.email)).map(({ subject }) => subject).filter((subject) => subject.includes('security'))).toHaveLength(3);
    expect((await both('DELETE', '/me/second-factor', first)).body.code).toBe('identity.second_factor_off');
  });

  it('is taken away by who runs the house, for who lost everything', async () => {
    const { email, token } = await enrolled();
    const { recover } = world.container.get(Identity.useCases).secondFactor;
    await expect(recover({ identifier: email }, ANONYMOUS)).rejects.toThrow('only the system');
    expect(await recover({ identifier: email }, system('test'))).toMatchObject({ ok: true });
    expect((await world.get('/me', token)).status).toBe(401);
    expect((await login(email)).body.accessToken).toBeDefined();
    expect((await mailTo(world.container, email))[0]?.text).toContain('removed by the people who run this service');
    expect(await recover({ identifier: email }, system('test'))).toMatchObject({ error: { code: 'identity.second_factor_off' } });
    expect(await recover({ identifier: 'nobody@example.com' }, system('test'))).toMatchObject({ error: { code: 'identity.account_not_found' } });
  });

  const resetBy = async (email: string, newPassword: string) => {
    await world.post('/auth/reset-password', { identifier: email });
    const token = tokenIn((await mailTo(world.container, email))[0]);
    expect(await world.post('/auth/verify-reset', { token, newPassword })).toMatchObject({ status: 204, body: '' });
  };

  it('is asked for after a forgotten password, too', async () => {
    const { email, secret } = await enrolled();
    const [welcome] = (await mailTo(world.container, email)).filter(({ subject }) => subject.startsWith('Welcome'));
    await world.post('/auth/verify-email', { token: tokenIn(welcome) });
    await resetBy(email, 'Kulfi-at-9-maybe');
    const { body } = await login(email, 'Kulfi-at-9-maybe');
    expect(body.accessToken).toBeUndefined();
    expect((await answer(body.challenge, codeOf(secret))).status).toBe(200);
  });

  it('of who registered somebody else’s address goes when that one comes', async () => {
    const { email, token } = await enrolled();
    await resetBy(email, 'Kulfi-at-9-maybe');
    expect((await world.get('/me', token)).status).toBe(401);
    expect((await login(email, 'Kulfi-at-9-maybe')).body.accessToken).toBeDefined();
  });
});

describe.each(PROFILES)('a second factor that a role needs on %s', (profile) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(
      profile,
      configured({ identity: { ...testConfig.identity, secondFactorRoles: ['owner', 'admin'], secondFactorExempt: ['show@demo.test'] } }),
    );
  });
  afterAll(() => world?.close());

  it('keeps the role asleep until it is there, and cannot be turned off', async () => {
    const admin = await world.account('boss@example.com', 'admin');
    const open = (token: string, ownerEmail = 'boss@example.com') => world.post('/restaurants', { name: 'Annapurna', ownerEmail }, token);
    expect(await open(admin.token)).toMatchObject({ status: 403, body: { code: 'http.second_factor_required' } });
    expect((await world.get('/me/second-factor', admin.token)).body).toEqual({ isOn: false, isRequired: true, backupCodesLeft: 0 });
    const password = 'Dosa-And-Chutney-1!';
    const { secret } = (await world.post('/me/second-factor', { password }, admin.token)).body;
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    const { backupCodes } = (await world.post('/me/second-factor/confirmation', { code }, admin.token)).body;
    expect((await open(admin.token)).status).toBe(201);
    const off = { body: { password, code: backupCodes[0] }, token: admin.token };
    expect(await world.call('DELETE', '/me/second-factor', off)).toMatchObject({ status: 409, body: { code: 'identity.second_factor_mandatory' } });

    const owner = await world.account('owner@example.com');
    const restaurant = (await open(admin.token, owner.email)).body;
    const rename = () => world.call('PATCH', `/restaurants/${restaurant.id}`, { body: { name: 'Purna' }, token: owner.token });
    expect(await rename()).toMatchObject({ status: 403, body: { code: 'http.second_factor_required' } });
    expect((await world.get('/me', owner.token)).body.grants).toEqual([]);
  });

  it('is not asked of the demo', async () => {
    const admin = await world.account('show@demo.test', 'admin');
    expect((await world.post('/restaurants', { name: 'Demo', ownerEmail: admin.email }, admin.token)).status).toBe(201);
  });
});
