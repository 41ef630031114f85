import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const NEW = 'Kulfi-at-9-maybe';
const DAY = 86_400_000;
const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const INVALID = { status: 400, body: { code: 'identity.token_invalid' } };

describe.each(PROFILES)('an account of one’s own on %s', (profile) => {
  let world: World;
  let clock: VirtualClock;
  let made = 0;

  beforeAll(async () => {
    clock = new VirtualClock(Date.now());
    world = await startWorld(profile, clock.override());
  });
  afterAll(() => world?.close());

  const login = (identifier: string, password = PASSWORD, headers = {}) => world.post('/auth/login', { identifier, password }, undefined, headers);
  const person = async (more: object = {}) => {
    const email = `owner${++made}@example.com`;
    expect((await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Nila Roy', ...more })).status).toBe(201);
    return { email, token: (await login(email)).body.accessToken as string };
  };
  const mailsTo = (email: string) => mailTo(world.container, email);
  const patch = (body: object, token: string) => world.call('PATCH', '/me', { body, token });

  describe('and its e-mail address', () => {
    it('is confirmed by the link that came on registering, once', async () => {
      const { email, token } = await person();
      const [welcome] = await mailsTo(email);
      expect(welcome?.subject).toContain('Welcome');
      const link = tokenIn(welcome);
      expect((await world.get(`/auth/verify-email?token=${link}`)).status).toBe(405); // Mail scanners follow links.
      expect((await world.post('/auth/verify-email', { token: link })).status).toBe(204);
      expect((await world.get('/me', token)).body.emailVerified).toBe(true);
      expect(await world.post('/auth/verify-email', { token: link })).toMatchObject(INVALID);
    });

    it('is confirmed by the newest link, for a day, and more can be had without telling who is there', async () => {
      const { email } = await person();
      const first = tokenIn((await mailsTo(email))[0]);
      const known = await world.post('/auth/verify-email/resend', { identifier: email });
      const unknown = await world.post('/auth/verify-email/resend', { identifier: email.replace('owner', 'loner') });
      expect(known).toMatchObject({ status: 202, body: { attemptsRemaining: 2 } });
      expect({ ...known.body, sentTo: '' }).toEqual({ ...unknown.body, sentTo: '' });
      expect(await world.post('/auth/verify-email', { token: first })).toMatchObject(INVALID);
      const second = tokenIn((await mailsTo(email))[0]);
      clock.advance(DAY);
      expect(await world.post('/auth/verify-email', { token: second })).toMatchObject(INVALID);
    });

    it('changes when the new one is confirmed, and back when the old one says so', async () => {
      const { email, token } = await person();
      const next = `new-${email}`;
      expect(await world.post('/me/email', { email: next, password: 'wrong' }, token)).toMatchObject({
        status: 403,
        body: { code: 'identity.password_wrong' },
      });
      expect((await world.post('/me/email', { email, password: PASSWORD }, token)).status).toBe(422);
      expect(await world.post('/me/email', { email: next, password: PASSWORD }, token)).toMatchObject({ status: 202 });
      expect((await mailsTo(email))[0]?.subject).toBe('Your e-mail address is about to change');
      expect((await world.get('/me', token)).body.email).toBe(email);

      const link = tokenIn((await mailsTo(next))[0]);
      expect((await world.post('/auth/confirm-email', { token: link })).status).toBe(204);
      expect(await world.post('/auth/confirm-email', { token: link })).toMatchObject(INVALID);
      expect((await world.get('/me', token)).body).toMatchObject({ email: next, emailVerified: true });
      expect((await login(email)).status).toBe(401);
      expect((await login(next)).status).toBe(200);

      const [told] = await mailsTo(email);
      expect(told?.text).not.toContain(next); // Masked.
      expect((await world.post('/me/password', { currentPassword: PASSWORD, newPassword: NEW }, token)).status).toBe(204); // Even then.
      expect((await world.post('/auth/undo-email', { token: tokenIn(told) })).status).toBe(204);
      expect((await world.get('/me', token)).status).toBe(401);
      const [reset] = await mailsTo(email);
      expect((await world.post('/auth/verify-reset', { token: tokenIn(reset), newPassword: 'Ladoo-by-noon-4' })).status).toBe(204);
      expect((await login(email, 'Ladoo-by-noon-4')).status).toBe(200);
    });

    it('goes back to whoever had it first, however often it was changed since, and never to who came after', async () => {
      const { email, token } = await person();
      const [second, third] = [`second-${email}`, `third-${email}`];
      for (const next of [second, third]) {
        clock.advance(1_000);
        expect((await world.post('/me/email', { email: next, password: PASSWORD }, token)).status).toBe(202);
        expect((await world.post('/auth/confirm-email', { token: tokenIn((await mailsTo(next))[0]) })).status).toBe(204);
      }
      const undoOf = async (address: string) => tokenIn((await mailsTo(address)).find(({ text }) => text.includes('undo-email')));
      const [first, later] = [await undoOf(email), await undoOf(second)];
      expect((await world.post('/auth/undo-email', { token: first })).status).toBe(204);
      expect(await world.post('/auth/undo-email', { token: later })).toMatchObject(INVALID);
      expect((await login(email)).status).toBe(200);
    });

    it('goes back although somebody registered with it meanwhile, unless they showed that it is theirs', async () => {
      for (const isConfirmed of [false, true]) {
        const { email, token } = await person();
        await world.post('/me/email', { email: `away-${email}`, password: PASSWORD }, token);
        await world.post('/auth/confirm-email', { token: tokenIn((await mailsTo(`away-${email}`))[0]) });
        const undo = tokenIn((await mailsTo(email))[0]);
        const squatting = await world.post('/auth/register', { email, password: NEW, displayName: 'Not Nila' });
        expect(squatting.status).toBe(201);
        const squatter = (await login(email, NEW)).body.accessToken;
        if (isConfirmed) await world.post('/auth/verify-email', { token: tokenIn((await mailsTo(email))[0]) });

        const undone = await world.post('/auth/undo-email', { token: undo });
        expect([undone.status, undone.body.code]).toEqual(isConfirmed ? [409, 'identity.email_taken'] : [204, undefined]);
        expect((await world.get('/me', squatter)).status).toBe(isConfirmed ? 200 : 401);
        expect((await login(email)).status).toBe(isConfirmed ? 401 : 200);
      }
    });

    it('goes back one by one, when who has it now takes only the last change back', async () => {
      const { email, token } = await person();
      const second = `middle-${email}`;
      for (const next of [second, `last-${email}`]) {
        clock.advance(1_000);
        await world.post('/me/email', { email: next, password: PASSWORD }, token);
        await world.post('/auth/confirm-email', { token: tokenIn((await mailsTo(next))[0]) });
      }
      for (const address of [second, email]) {
        const undo = tokenIn((await mailsTo(address)).find(({ text }) => text.includes('undo-email')));
        expect((await world.post('/auth/undo-email', { token: undo })).status).toBe(204);
        expect((await login(address)).status).toBe(200);
      }
    });

    it('does not change to one that is taken, which shows only to who reads its mail', async () => {
      const [mine, theirs] = [await person(), await person()];
      expect((await world.post('/me/email', { email: theirs.email, password: PASSWORD }, mine.token)).status).toBe(202);
      const [mail] = (await mailsTo(theirs.email)).filter(({ subject }) => subject.includes('confirm your new'));
      expect(await world.post('/auth/confirm-email', { token: tokenIn(mail) })).toMatchObject({
        status: 409,
        body: { code: 'identity.email_taken' },
      });
      expect((await world.get('/me', mine.token)).body.email).toBe(mine.email);
    });

    it('does not change by a link from before a new password', async () => {
      const { email, token } = await person();
      await world.post('/me/email', { email: `thief-${email}`, password: PASSWORD }, token);
      const link = tokenIn((await mailsTo(`thief-${email}`))[0]);
      await world.post('/me/password', { currentPassword: PASSWORD, newPassword: NEW }, token);
      expect(await world.post('/auth/confirm-email', { token: link })).toMatchObject(INVALID);
    });
  });

  describe('and its profile', () => {
    it('takes a name, a number and a username, and gives them up', async () => {
      const { token } = await person();
      const changed = await patch({ displayName: ' Nila ', phone: '٠٩٨١٠٠ ٠٠٩٠١', username: 'Nila.Roy' }, token);
      expect(changed).toMatchObject({ status: 200, body: { displayName: 'Nila', phone: '+919810000901', username: 'nila.roy' } });
      expect((await login('nila.roy')).status).toBe(200);
      const [other] = [await person()];
      expect(await patch({ phone: '+91 98100 00901' }, other.token)).toMatchObject({ status: 409, body: { code: 'identity.phone_taken' } });
      expect(await patch({ username: 'nila.roy' }, other.token)).toMatchObject({ status: 409, body: { code: 'identity.username_taken' } });
      expect((await patch({ phone: null, username: null }, token)).body).toMatchObject({ phone: null, username: null, displayName: 'Nila' });
      expect((await patch({ username: 'nila.roy', phone: '98100 00901' }, other.token)).status).toBe(200);
      expect((await login('nila.roy')).status).toBe(200);
    });

    it.each([
      [{ phone: '12345' }, 422, 'identity.phone_malformed'],
      [{ phone: '+1 (555) CALL-NOW' }, 422, 'identity.phone_malformed'],
      [{ username: 'ad' }, 422, 'identity.username_malformed'],
      [{ username: 'admin' }, 422, 'identity.username_malformed'],
      [{ username: 'ad\u00admin' }, 422, 'identity.username_malformed'],
      [{ username: 'nilа' }, 422, 'identity.username_malformed'],
      [{ username: '9876543210' }, 422, 'identity.username_malformed'],
      [{ displayName: '\u202eevil' }, 422, 'identity.display_name_malformed'],
      [{ emailVerified: true }, 400, 'http.invalid_request'],
      [{ platformRoles: ['admin'] }, 400, 'http.invalid_request'],
      [{ passwordHash: 'x' }, 400, 'http.invalid_request'],
    ])('refuses %j', async (body, status, code) => {
      const { token } = await person();
      expect(await patch(body, token)).toMatchObject({ status, body: { code } });
    });

    it('gives one of ten who want one username at once', async () => {
      const people = await Promise.all(Array.from({ length: 10 }, () => person()));
      const answers = await Promise.all(people.map(({ token }) => patch({ username: `wanted.${profile}` }, token)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    });
  });

  describe('and its password', () => {
    it('changes with the current one, and every other session ends', async () => {
      const { email, token } = await person();
      const other = (await login(email)).body.accessToken;
      const change = (currentPassword: string, newPassword = NEW) => world.post('/me/password', { currentPassword, newPassword }, token);
      expect((await world.post('/me/password', { newPassword: NEW }, token)).status).toBe(400);
      expect(await change('wrong')).toMatchObject({ status: 403, body: { code: 'identity.password_wrong' } });
      expect(await change(PASSWORD, 'Nila-2026-Roy')).toMatchObject({ status: 422, body: { rules: ['own_words'] } });
      expect((await change(PASSWORD)).status).toBe(204);
      expect((await world.get('/me', token)).status).toBe(200);
      expect((await world.get('/me', other)).status).toBe(401);
      expect((await login(email)).status).toBe(401);
      expect((await login(email, NEW)).status).toBe(200);
      expect((await mailsTo(email))[0]?.subject).toBe('Your password was changed');
    });

    it('cannot be guessed by who stole a session', async () => {
      const { token } = await person();
      const change = (currentPassword: string) => world.post('/me/password', { currentPassword, newPassword: NEW }, token);
      for (let i = 0; i < 5; i++) expect((await change('wrong')).status).toBe(403);
      expect(await change(PASSWORD)).toMatchObject({ status: 429, body: { code: 'identity.too_many_attempts' } });
      expect((await world.call('DELETE', '/me', { body: { password: PASSWORD }, token })).status).toBe(429);
    });

    it.each(['Iloveyou!1', 'Shadow#2026', 'Trustno1!', 'Zxcvbnm,1'])('is not %s', async (password) => {
      const answer = await world.post('/auth/register', { email: `common${++made}@example.com`, password, displayName: 'Nila' });
      expect(answer).toMatchObject({ status: 422, body: { code: 'identity.password_weak', rules: ['common'], strength: 'weak' } });
    });
  });

  describe('and its sessions', () => {
    it('are listed by device, and ended one by one', async () => {
      const { email, token } = await person();
      const phone = (await login(email, PASSWORD, FIREFOX)).body;
      const { body } = await world.get('/me/sessions', token);
      expect(body.data).toHaveLength(2);
      expect(body.data[0]).toMatchObject({ device: 'Firefox on Linux', ip: '127.0.0.1', proofs: ['password'], isCurrent: false });
      expect(body.data[1]).toMatchObject({ isCurrent: true });
      const end = (id: string, by = token) => world.call('DELETE', `/me/sessions/${id}`, { token: by });
      expect((await end(body.data[0].id, (await person()).token)).status).toBe(404);
      expect((await end(body.data[0].id)).status).toBe(204);
      expect((await world.get('/me', phone.accessToken)).status).toBe(401);
      expect((await world.post('/auth/refresh', { refreshToken: phone.refreshToken })).status).toBe(401);
      expect(await end(body.data[0].id)).toMatchObject({ status: 404, body: { code: 'identity.session_not_found' } });
      expect((await world.get('/me', token)).status).toBe(200);
    });

    it('are ended all at once', async () => {
      const { email, token } = await person();
      const other = (await login(email)).body.accessToken;
      expect((await world.call('DELETE', '/me/sessions', { token })).status).toBe(204);
      for (const one of [token, other]) expect((await world.get('/me', one)).status).toBe(401);
    });
  });

  it('is not closed by who owns a restaurant', async () => {
    const { email, token } = await person();
    const admin = await world.account(`closing${++made}@example.com`, 'admin');
    const { body } = await world.post('/restaurants', { name: 'Annapurna', ownerEmail: email }, admin.token);
    expect(await world.call('DELETE', '/me', { body: { password: PASSWORD }, token })).toMatchObject({
      status: 409,
      body: { code: 'identity.still_owner', restaurantIds: [body.id] },
    });
  });

  it('is exported, and closed for good', async () => {
    const { email, token } = await person({ username: `gone.${profile}` });
    const exported = await world.get('/me/export', token);
    expect(exported).toMatchObject({ status: 200, body: { account: { email, username: `gone.${profile}` }, sessions: [{ proofs: ['password'] }] } });
    expect(JSON.stringify(exported.body)).not.toMatch(/hash|salt|secret/i);
    const close = (password: string) => world.call('DELETE', '/me', { body: { password }, token });
    expect(await close('wrong')).toMatchObject({ status: 403 });
    expect((await close(PASSWORD)).status).toBe(204);
    expect((await world.get('/me', token)).status).toBe(401);
    expect((await login(email)).status).toBe(401);
    expect((await mailsTo(email))[0]?.text).toContain('closed');
    const again = { email, password: PASSWORD, displayName: 'Nila Roy', username: `gone.${profile}` };
    expect((await world.post('/auth/register', again)).status).toBe(201); // Its names are free again.
  });
});
