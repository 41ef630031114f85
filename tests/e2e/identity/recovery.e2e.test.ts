import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configured } from '../../support/config.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES, testConfig } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Answer, startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const NEW = 'Kulfi-at-9-maybe';
const HOUR = 3_600_000;
const APPS = { customers: 'https://eat.thali.test', partners: 'https://work.thali.test/' };

describe.each(PROFILES)('a forgotten password on %s', (profile) => {
  let world: World;
  let clock: VirtualClock;
  let made = 0;

  beforeAll(async () => {
    clock = new VirtualClock(Date.now());
    world = await startWorld(profile, clock.override(), configured({ identity: { ...testConfig.identity, apps: APPS } }));
  });
  afterAll(() => world?.close());

  const person = async (more: object = {}) => {
    const email = `forgetful${++made}@example.com`;
    const { status, body } = await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Ravi Das', ...more });
    expect(status).toBe(201);
    return { email, id: body.id as string };
  };
  const login = (identifier: string, password: string) => world.post('/auth/login', { identifier, password });
  const ask = (identifier: string, headers?: Record<string, string>) => world.post('/auth/reset-password', { identifier }, undefined, headers);
  const reset = (token: string, newPassword = NEW) => world.post('/auth/verify-reset', { token, newPassword });
  const resetMails = async (email: string) => (await mailTo(world.container, email)).filter(({ subject }) => subject === 'Set a new password');
  const linkFor = async (email: string) => {
    expect((await ask(email)).status).toBe(202);
    return tokenIn((await resetMails(email))[0]);
  };
  const INVALID = { status: 400, body: { code: 'identity.token_invalid' } };
  const plain = ({ status, body: { traceId: _, timestamp: __, ...body }, headers }: Answer) => ({ status, body, headers: [...headers.keys()] });

  it('is replaced by a link, once, and every session ends', async () => {
    const { email } = await person();
    const before = (await login(email, PASSWORD)).body;
    const asked = await ask(email.toUpperCase());
    expect(asked).toMatchObject({ status: 202, body: { sentTo: 'F•••1@E•••E.COM', attemptsRemaining: 2, maxAttempts: 3, resetWindowMinutes: 60 } });
    const [mail] = await resetMails(email);
    expect(mail?.text).toContain('https://eat.thali.test/reset-password#token=pr_');
    expect(mail?.html).toContain('Hello Ravi Das,');

    expect(await reset(tokenIn(mail))).toMatchObject({ status: 204 });
    expect((await world.get('/me', before.accessToken)).status).toBe(401);
    expect((await world.post('/auth/refresh', { refreshToken: before.refreshToken })).status).toBe(401);
    expect((await login(email, PASSWORD)).status).toBe(401);
    const { body } = await login(email, NEW);
    expect((await world.get('/me', body.accessToken)).body.emailVerified).toBe(true); // The mail was read.
    for (const other of ['Another-0ne-entirely', 'weak']) expect(await reset(tokenIn(mail), other)).toMatchObject(INVALID);
    const [confirmation] = await mailTo(world.container, email);
    expect(confirmation?.subject).toBe('Your password was changed');
  });

  it('is asked for by e-mail address, telephone number and username', async () => {
    const { email } = await person({ phone: '+91 98100 00001', username: 'Ravi.Das' });
    for (const identifier of ['098100 00001', 'ravi.das']) expect((await ask(identifier)).status).toBe(202);
    expect(await resetMails(email)).toHaveLength(2);
    expect((await ask('+91-98100-00001')).body).toMatchObject({ sentTo: '•••01', attemptsRemaining: 1 });
    expect((await login('98100 00001', PASSWORD)).status).toBe(200);
    expect((await login('RAVI.DAS', PASSWORD)).status).toBe(200);
  });

  it('tells nothing of who is there: known and unknown get the same, up to the limit and over it', async () => {
    const { email } = await person({ phone: `+91 98100 0001${made % 10}`, username: `ravi${made}` });
    for (const [known, unknown] of [
      [email, email.replace('forgetful', 'forgotten')],
      [`ravi${made}`, `rani${made}`],
    ] as const) {
      for (const attemptsRemaining of [2, 1, 0]) {
        const [one, other] = [plain(await ask(known)), plain(await ask(unknown))];
        expect(one).toMatchObject({ status: 202, body: { attemptsRemaining } });
        expect({ ...one, body: { ...one.body, sentTo: '' } }).toEqual({ ...other, body: { ...other.body, sentTo: '' } });
      }
      const [one, other] = [await ask(known), await ask(unknown)];
      expect(plain(one)).toEqual(plain(other));
      expect(one).toMatchObject({
        status: 429,
        body: {
          code: 'identity.reset_limit',
          attemptsRemaining: 0,
          maxAttempts: 3,
          resetWindowMinutes: 60,
          nextResetAvailableIn: 3_600,
          nextResetAvailableAt: new Date(clock.now() + HOUR).toISOString(),
        },
      });
      expect(one.headers.get('retry-after')).toBe('3600');
    }
  });

  it('is asked for three times an hour, and again when the hour is over', async () => {
    const { email } = await person();
    for (let i = 0; i < 3; i++) {
      expect((await ask(email)).status).toBe(202);
      await resetMails(email); // What waits longer than its link lives is not sent.
      clock.advance(60_000);
    }
    expect((await ask(email)).status).toBe(429);
    clock.advance(HOUR - 3 * 60_000 - 1);
    expect((await ask(email)).body).toMatchObject({ code: 'identity.reset_limit', nextResetAvailableIn: 1 });
    clock.advance(1);
    expect((await ask(email)).status).toBe(202);
    expect((await ask(email)).status).toBe(429);
    expect(await resetMails(email)).toHaveLength(4);
  });

  it('sends one account no more mail however it is called', async () => {
    const { email } = await person({ phone: '+91 98100 00031', username: 'many.names' });
    for (const identifier of [email, '+919810000031', 'many.names', email, 'many.names']) expect((await ask(identifier)).status).toBe(202);
    expect(await resetMails(email)).toHaveLength(3);
  });

  it('takes the newest link only, and for an hour only', async () => {
    const { email } = await person();
    const [first, second] = [await linkFor(email), await linkFor(email)];
    expect(await reset(first)).toMatchObject(INVALID);
    clock.advance(HOUR);
    expect(await reset(second)).toMatchObject(INVALID);
    const third = await linkFor(email);
    clock.advance(HOUR - 1);
    expect((await reset(third)).status).toBe(204);
  });

  it('lets one of many who use a link at once through', async () => {
    const { email } = await person();
    const token = await linkFor(email);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => reset(token, `${NEW}-${i}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 19 }, () => 400)]);
    const winner = answers.findIndex(({ status }) => status === 204);
    expect((await login(email, `${NEW}-${winner}`)).status).toBe(200);
  });

  it('does not cost the link when the new password will not do, and five wrong secrets do', async () => {
    const { email } = await person();
    const token = await linkFor(email);
    expect(await reset(token, 'short')).toMatchObject({ status: 422, body: { code: 'identity.password_weak', strength: 'weak', minLength: 8 } });
    expect(await reset(token, 'Ravi-Das-2026!')).toMatchObject({ status: 422, body: { rules: ['own_words'] } });
    const wrong = `${token.slice(0, token.indexOf('.') + 1)}${'A'.repeat(43)}`;
    for (let i = 0; i < 4; i++) expect(await reset(wrong, 'short')).toMatchObject(INVALID);
    expect((await reset(token)).status).toBe(204);

    const next = await linkFor(email);
    const guess = `${next.slice(0, next.indexOf('.') + 1)}${'A'.repeat(43)}`;
    for (let i = 0; i < 5; i++) expect(await reset(guess)).toMatchObject(INVALID);
    expect(await reset(next)).toMatchObject(INVALID);
  });

  it('leads to the app of who it is, and never where the request says', async () => {
    const admin = await world.account(`chief${++made}@example.com`, 'admin');
    const owner = await person();
    await world.post('/restaurants', { name: 'Annapurna', ownerEmail: owner.email }, admin.token);
    expect((await ask(owner.email, { host: 'evil.test', 'x-forwarded-host': 'evil.test' })).status).toBe(202);
    const [mail] = await resetMails(owner.email);
    expect(mail?.text).toContain('https://work.thali.test/reset-password#token=');
    expect(`${mail?.text}${mail?.html}`).not.toContain('evil');
    expect(await reset(tokenIn(mail), 'Kul9-maybe')).toMatchObject({ status: 204 });
    const again = await linkFor(owner.email);
    expect(await reset(again, 'Kul9-mayb')).toMatchObject({ status: 422, body: { minLength: 10, rules: ['too_short'] } });
  });

  it('lets in who was locked out', async () => {
    const { email } = await person();
    for (let i = 0; i < 5; i++) expect((await login(email, 'wrong')).status).toBe(401);
    expect(await login(email, PASSWORD)).toMatchObject({ status: 429, body: { code: 'identity.too_many_attempts', retryAfterSeconds: 900 } });
    expect((await reset(await linkFor(email))).status).toBe(204);
    expect((await login(email, NEW)).status).toBe(200);
  });

  it.each([['nonsense'], ['pr_x.y'], [`pr_${'A'.repeat(22)}.${'A'.repeat(43)}`], [`ve_${'A'.repeat(22)}.${'A'.repeat(43)}`]])(
    'refuses %s',
    async (token) => {
      expect(await reset(token)).toMatchObject(INVALID);
    },
  );

  it('leaves a link nothing of a closed account, and none of a password that was changed meanwhile', async () => {
    const { email } = await person();
    const token = await linkFor(email);
    const { accessToken } = (await login(email, PASSWORD)).body;
    expect((await world.post('/me/password', { currentPassword: PASSWORD, newPassword: NEW }, accessToken)).status).toBe(204);
    expect(await reset(token)).toMatchObject(INVALID);
    const later = await linkFor(email);
    expect((await world.call('DELETE', '/me', { body: { password: NEW }, token: accessToken })).status).toBe(204);
    expect(await reset(later)).toMatchObject(INVALID);
    expect((await ask(email)).status).toBe(202);
    expect(await resetMails(email)).toHaveLength(2);
  });
});
