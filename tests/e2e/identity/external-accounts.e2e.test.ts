import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '#composition/modules/identity.ts';
import { Platform } from '#composition/modules/platform.ts';
import { INVARIANTS } from '#composition/modules.ts';
import { Authenticator } from '../../support/authenticator.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { type ExternalWorld, type ProviderName, startExternal } from '../../support/oauth/external-world.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const MINUTE = 60_000;

describe.each(PROFILES)('accounts of people who come from other providers on %s', (profile) => {
  let shop: ExternalWorld;
  let clock: VirtualClock;
  let made = 5_000;
  beforeAll(async () => {
    clock = new VirtualClock(Date.now());
    shop = await startExternal(profile, { overrides: [clock.override()] });
  });
  afterAll(async () => {
    if (shop?.world.container.isBound(Platform.sql)) {
      const sql = shop.world.container.get(Platform.sql)();
      for (const { id, sql: question } of INVARIANTS) expect(await sql(question), id).toEqual([]);
    }
    await shop?.close();
  });

  const id = () => String(++made);
  const me = async (token: string) => (await shop.world.get('/me', token)).body;
  const login = (email: string, password = PASSWORD) => shop.world.post('/auth/login', { identifier: email, password });
  const registered = async (email: string, extra: object = {}) => {
    await shop.world.post('/auth/register', { email, password: PASSWORD, displayName: 'Mallory', ...extra });
    return (await login(email)).body.accessToken as string;
  };
  const confirmed = async (email: string) => {
    await registered(email);
    await shop.world.post('/auth/verify-email', { token: tokenIn((await mailTo(shop.world.container, email))[0]) });
  };
  const comer = async (provider: ProviderName = 'google', person: object = {}) => {
    const who = { id: id(), ...person };
    shop.as(provider, who);
    const { body } = await shop.signIn(provider);
    return { ...who, email: `person${who.id}@example.com`, token: body.accessToken as string };
  };

  it('are joined with the account under the same address, if both sides confirmed it', async () => {
    const email = `joined${id()}@example.com`;
    await confirmed(email);
    shop.as('google', { id: id(), email: email.toUpperCase() });
    const { body } = await shop.signIn('google');
    expect(await me(body.accessToken)).toMatchObject({ email, displayName: 'Mallory' });
    expect((await login(email)).status).toBe(200); // The password stays.
    expect((await mailTo(shop.world.container, email))[0]?.text).toContain('signed in with Google');
  });

  it.each<readonly [string, ProviderName, object]>([
    ['Google does not confirm', 'google', { isEmailVerified: false }],
    ['GitHub does not confirm', 'github', { isEmailVerified: false }],
    ['Facebook only claims', 'facebook', {}],
  ])('are never joined by an address that %s', async (_what, provider, person) => {
    for (const email of [`victim${id()}@example.com`, `unconfirmed${id()}@example.com`]) {
      await (email.startsWith('victim') ? confirmed(email) : registered(email));
      shop.as(provider, { id: id(), email, ...person });
      const { status, body } = await shop.signIn(provider);
      // GitHub names no address then; the others name one that they do not confirm.
      const code = provider === 'github' ? 'identity.external_email_missing' : 'identity.external_email_unproven';
      expect({ status, code: body.code }).toEqual({ status: provider === 'github' ? 422 : 409, code });
      const token = (await login(email)).body.accessToken;
      expect((await shop.world.get('/me/external-identities', token)).body.data).toEqual([]);
    }
  });

  it('are never made without an address', async () => {
    for (const provider of ['google', 'github', 'facebook'] as const) {
      shop.as(provider, { id: id(), email: null });
      expect(await shop.signIn(provider)).toMatchObject({ status: 422, body: { code: 'identity.external_email_missing' } });
    }
    // The address in a GitHub profile is whatever its owner wrote there.
    expect(await shop.world.container.get(Identity.queries).accountByEmail('victim@example.com' as never)).toBeUndefined();
    shop.as('google', { id: id(), email: 'mıke@exa mple' });
    expect((await shop.signIn('google')).body.code).toBe('identity.external_email_missing');
  });

  it('are given to their owner when a stranger had registered the address before', async () => {
    const email = `hijacked${id()}@example.com`;
    const stranger = await registered(email, { phone: '+91 98100 77001', username: `mallory${made}` });
    const phone = new Authenticator('http://thali.test');
    const asked = (await shop.world.post('/me/passkeys/options', { password: PASSWORD }, stranger)).body;
    expect((await shop.world.post('/me/passkeys', { name: 'Trojan', credential: phone.create(asked) }, stranger)).status).toBe(201);
    shop.as('facebook', { id: id(), email: `mallory${made}@example.com` });
    expect((await shop.link('facebook', stranger, PASSWORD)).status).toBe(201);
    const trojan = made;
    await shop.world.post('/me/email', { email: `mallory-${made}@example.com`, password: PASSWORD }, stranger);
    const pending = tokenIn((await mailTo(shop.world.container, `mallory-${made}@example.com`))[0]);
    const begun = (await shop.world.post('/me/second-factor', { password: PASSWORD }, stranger)).body;
    const code = new TOTP({ secret: Secret.fromBase32(begun.secret) }).generate({ timestamp: clock.now() });
    expect((await shop.world.post('/me/second-factor/confirmation', { code }, stranger)).status).toBe(200);

    shop.as('google', { id: id(), email, name: 'Asha Rao' });
    const owner = await shop.signIn('google');
    expect(owner.body).toHaveProperty('accessToken'); // No second factor of a stranger's stands in the way.
    const account = await me(owner.body.accessToken);
    expect(account).toMatchObject({ email, emailVerified: true, displayName: 'Asha Rao', phone: null, username: null });

    expect((await shop.world.get('/me', stranger)).status).toBe(401);
    expect((await login(email)).body.code).toBe('identity.invalid_credentials');
    expect((await shop.world.post('/auth/confirm-email', { token: pending })).status).not.toBe(204);
    expect((await me(owner.body.accessToken)).email).toBe(email);
    const ceremony = (await shop.world.post('/auth/passkey/options', undefined)).body;
    expect((await shop.world.post('/auth/passkey', { credential: phone.get(ceremony) })).body.code).toBe('identity.passkey_invalid');
    expect((await shop.world.get('/me/passkeys', owner.body.accessToken)).body.data).toEqual([]);
    expect((await shop.world.get('/me/external-identities', owner.body.accessToken)).body.data).toMatchObject([{ provider: 'google' }]);
    shop.as('facebook', { id: String(trojan), email: `mallory${trojan}@example.com` });
    const back = await shop.signIn('facebook');
    expect((await me(back.body.accessToken)).id).not.toBe(account.id);
    expect((await mailTo(shop.world.container, email))[0]?.text).toContain('Whoever had registered with it was signed out');
  });

  it('keep no link of whoever held them before a reset showed whose they are', async () => {
    const { token, email } = await comer('facebook');
    expect((await me(token)).emailVerified).toBe(false);
    await shop.world.post('/auth/reset-password', { identifier: email });
    const reset = tokenIn((await mailTo(shop.world.container, email))[0]);
    expect((await shop.world.post('/auth/verify-reset', { token: reset, newPassword: PASSWORD })).status).toBe(204);
    const owner = (await login(email)).body.accessToken;
    expect((await shop.world.get('/me/external-identities', owner)).body.data).toEqual([]);
    expect(await shop.signIn('facebook')).toMatchObject({ status: 409, body: { code: 'identity.external_email_unproven' } });
  });

  it('do without a password until they set one', async () => {
    const { token, email } = await comer();
    const unknown = await login('nobody-at-all@example.com');
    const { traceId: _, timestamp: __, ...refusal } = (await login(email)).body;
    expect(unknown.body).toMatchObject(refusal);
    const change = await shop.world.post('/me/password', { currentPassword: 'anything', newPassword: PASSWORD }, token);
    expect(change).toMatchObject({ status: 409, body: { code: 'identity.password_not_set' } });
    expect((await shop.world.get('/me/export', token)).status).toBe(200);

    await shop.world.post('/auth/reset-password', { identifier: email });
    const reset = tokenIn((await mailTo(shop.world.container, email))[0]);
    expect((await shop.world.post('/auth/verify-reset', { token: reset, newPassword: PASSWORD })).status).toBe(204);
    expect((await login(email)).status).toBe(200);
    const again = (await shop.signIn('google')).body.accessToken; // It is theirs, so the link stays.
    expect((await shop.world.call('DELETE', '/me', { body: {}, token: again })).body.code).toBe('identity.password_wrong'); // From now on it is asked for.
    expect((await shop.world.call('DELETE', '/me', { body: { password: PASSWORD }, token: again })).status).toBe(204);
  });

  it('show that they are theirs by a fresh sign-in where there is no password', async () => {
    const { token } = await comer();
    const AGAIN = { status: 403, body: { code: 'identity.sign_in_again', withinMinutes: 10 } };
    clock.advance(10 * MINUTE + 1);
    const [link] = (await shop.world.get('/me/external-identities', token)).body.data;
    const asks: readonly (readonly [string, string, object])[] = [
      ['POST', '/me/passkeys/options', {}],
      ['POST', '/me/second-factor', { password: 'anything' }],
      ['POST', '/me/email', { email: `next${id()}@example.com` }],
      ['DELETE', '/me', {}],
      ['DELETE', `/me/external-identities/${link.id}`, {}],
    ];
    for (const [method, path, body] of asks) expect(await shop.world.call(method, path, { body, token }), path).toMatchObject(AGAIN);
    expect(await shop.beginLink('github', token)).toMatchObject(AGAIN);

    const fresh = (await shop.signIn('google')).body.accessToken;
    const before = (await me(fresh)).id;
    expect((await shop.world.post('/me/passkeys/options', {}, fresh)).status).toBe(200);
    expect((await shop.world.post('/me/second-factor', {}, fresh)).status).toBe(201);
    expect((await shop.world.post('/me/email', { email: `next${made}@example.com` }, fresh)).status).toBe(202);
    expect((await shop.world.call('DELETE', '/me', { body: {}, token: fresh })).status).toBe(204);
    const { accessToken } = (await shop.signIn('google')).body; // Somebody new from here on.
    expect((await me(accessToken)).id).not.toBe(before);
  });

  it('keep the last thing that signs in to them, whatever it is', async () => {
    const { token } = await comer();
    const unlink = (linkId: string) => shop.world.call('DELETE', `/me/external-identities/${linkId}`, { body: {}, token });
    const links = async () =>
      (await shop.world.get('/me/external-identities', token)).body.data as { readonly id: string; readonly provider: string }[];
    const LAST = { status: 409, body: { code: 'identity.last_credential' } };
    const [google] = await links();
    expect(await unlink(google?.id as string)).toMatchObject(LAST);

    shop.as('github', { id: id() });
    expect((await shop.link('github', token)).status).toBe(201);
    const both = await Promise.all((await links()).map((link) => unlink(link.id)));
    expect(both.map(({ status }) => status).toSorted()).toEqual([204, 409]); // One of two at once.
    const [left] = await links();

    const phone = new Authenticator('http://thali.test');
    const asked = (await shop.world.post('/me/passkeys/options', {}, token)).body;
    const passkey = (await shop.world.post('/me/passkeys', { name: 'Phone', credential: phone.create(asked) }, token)).body;
    expect((await unlink(left?.id as string)).status).toBe(204);
    expect(await shop.world.call('DELETE', `/me/passkeys/${passkey.id}`, { body: {}, token })).toMatchObject(LAST);
  });

  it('are one for an identity: of two that link it at once, one wins', async () => {
    const people = await Promise.all([1, 2].map(() => shop.world.account(`wants${id()}@example.com`)));
    shop.as('github', { id: id() });
    const codes = [];
    for (const { token } of people) codes.push({ token, ...(await shop.linkCode('github', token, 'Dosa-And-Chutney-1!')) });
    const answers = await Promise.all(
      codes.map(({ code, verifier, token }) => shop.world.post('/me/external-identities', { code, verifier }, token)),
    );
    expect(answers.map(({ status, body }) => [status, body.code]).toSorted()).toEqual([
      [201, undefined],
      [409, 'identity.external_identity_taken'],
    ]);
  });

  it('are one for a person who comes twice at once', async () => {
    shop.as('google', { id: id() });
    const codes = [await shop.travel('google'), await shop.travel('google'), await shop.travel('google')];
    const answers = await Promise.all(codes.map(({ code, verifier }) => shop.world.post('/auth/external', { code, verifier })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const ids = await Promise.all(answers.map(async ({ body }) => (await me(body.accessToken)).id));
    expect(new Set(ids).size).toBe(1);
  });

  it('lose what was linked when their old address takes them back', async () => {
    const email = `robbed${id()}@example.com`;
    await confirmed(email);
    const thief = (await login(email)).body.accessToken;
    shop.as('github', { id: id() });
    await shop.link('github', thief, PASSWORD);
    await shop.world.post('/me/email', { email: `thief${made}@example.com`, password: PASSWORD }, thief);
    await shop.world.post('/auth/confirm-email', { token: tokenIn((await mailTo(shop.world.container, `thief${made}@example.com`))[0]) });
    const told = (await mailTo(shop.world.container, email)).find(({ text }) => text.includes('undo-email'));
    expect((await shop.world.post('/auth/undo-email', { token: tokenIn(told) })).status).toBe(204);
    const back = await shop.signIn('github');
    expect((await me(back.body.accessToken)).email).not.toBe(email);
  });
});
