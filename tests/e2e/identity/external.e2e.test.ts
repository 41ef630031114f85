import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf } from '../../support/events.ts';
import { mailTo } from '../../support/mail.ts';
import { type ExternalWorld, type ProviderName, startExternal } from '../../support/oauth/external-world.ts';
import { PROFILES } from '../../support/profiles.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const PROVIDERS: readonly ProviderName[] = ['google', 'github', 'facebook'];

describe.each(PROFILES)('signing in through other providers on %s', (profile) => {
  let shop: ExternalWorld;
  let made = 2_000;
  beforeAll(async () => {
    shop = await startExternal(profile);
  });
  afterAll(() => shop?.close());

  const newcomer = (provider: ProviderName) => {
    const id = String(++made);
    shop.as(provider, { id });
    return { id, email: `person${id}@example.com` };
  };
  const me = async (token: string) => (await shop.world.get('/me', token)).body;
  const registered = async (email: string) => {
    await shop.world.post('/auth/register', { email, password: PASSWORD, displayName: 'Somebody Else' });
    return (await shop.world.post('/auth/login', { identifier: email, password: PASSWORD })).body.accessToken as string;
  };

  it('lists whom it is configured for', async () => {
    expect(await shop.world.get('/auth/providers')).toMatchObject({
      status: 200,
      body: {
        data: [
          { provider: 'google', title: 'Google' },
          { provider: 'github', title: 'GitHub' },
          { provider: 'facebook', title: 'Facebook' },
        ],
      },
    });
    expect(await shop.begin('yahoo')).toMatchObject({ status: 404, body: { code: 'identity.provider_unknown', provider: 'yahoo' } });
    expect(await shop.world.get('/auth/external/yahoo/callback?state=x&code=y')).toMatchObject({ status: 404 });
  });

  it.each(PROVIDERS)('%s makes an account at the first time and finds it again ever after', async (provider) => {
    const { email } = newcomer(provider);
    const first = await shop.signIn(provider);
    expect(first).toMatchObject({ status: 200, body: { tokenType: 'Bearer', refreshToken: expect.any(String), deviceToken: expect.any(String) } });
    const account = await me(first.body.accessToken);
    expect(account).toMatchObject({ email, displayName: 'Asha Rao', emailVerified: provider !== 'facebook' });
    expect((await shop.world.get('/me/sessions', first.body.accessToken)).body.data).toMatchObject([{ proofs: ['external'] }]);
    expect((await shop.world.post('/auth/refresh', { refreshToken: first.body.refreshToken })).status).toBe(200);
    expect((await mailTo(shop.world.container, email)).length).toBe(provider === 'facebook' ? 1 : 0); // Only there the address is still to be confirmed.

    shop.as(provider, { id: String(made), email: 'moved@example.com', name: 'Another Name' });
    const again = await shop.signIn(provider);
    expect(await me(again.body.accessToken)).toEqual(account); // It is the subject that counts, and not what it is called today.
    const links = (await shop.world.get('/me/external-identities', again.body.accessToken)).body.data;
    expect(links).toMatchObject([{ provider, usedAt: expect.any(String) }]);
    const { body } = await shop.world.get('/me/export', again.body.accessToken);
    expect(body.externalIdentities).toEqual(links);
    expect((await eventsOf(shop.world.container)).map(({ type }) => type)).toContain('identity.external_identity_used');
  });

  it('brings the browser to the app and the page that began, with a code that no server sees', async () => {
    newcomer('google');
    const browser = shop.browser();
    const { url, code } = await shop.travel('google', browser, { app: 'partners', returnTo: '/staff/sign-in?from=menu' });
    expect(url.href).toBe(`http://kitchen.test/staff/sign-in?from=menu#code=${code}`);
    expect(browser.cookies('thali.test')).toEqual([]); // Taken back.
    expect((await shop.travel('google')).url.pathname).toBe('/external-sign-in');
    const start = new URL(browser.visited.find((address) => address.includes('/auth?')) as string);
    expect(start.searchParams.get('redirect_uri')).toBe('http://thali.test/auth/external/google/callback');
  });

  it('links a provider to an account, lists it, and unlinks it', async () => {
    const email = `linking${++made}@example.com`;
    const token = await registered(email);
    const { id } = newcomer('github');
    expect((await shop.beginLink('github', token)).body.code).toBe('identity.password_wrong');
    expect((await shop.beginLink('github', token, 'wrong')).body.code).toBe('identity.password_wrong');
    const linked = await shop.link('github', token, PASSWORD);
    expect(linked).toMatchObject({ status: 201, body: { provider: 'github', usedAt: null } });
    expect((await mailTo(shop.world.container, email))[0]?.text).toContain('GitHub was linked');

    shop.as('github', { id });
    const through = await shop.signIn('github');
    expect((await me(through.body.accessToken)).email).toBe(email);
    expect((await shop.link('github', token, PASSWORD)).body.id).toBe(linked.body.id); // Twice is once.

    const remove = (password?: string) => shop.world.call('DELETE', `/me/external-identities/${linked.body.id}`, { body: { password }, token });
    expect((await remove('wrong')).body.code).toBe('identity.password_wrong');
    const stranger = await registered(`stranger${++made}@example.com`);
    const foreign = { body: { password: PASSWORD }, token: stranger };
    expect((await shop.world.call('DELETE', `/me/external-identities/${linked.body.id}`, foreign)).status).toBe(404);
    expect((await remove(PASSWORD)).status).toBe(204);
    expect((await remove(PASSWORD)).body.code).toBe('identity.external_identity_not_found');
    expect((await mailTo(shop.world.container, email))[0]?.text).toContain('GitHub was unlinked');
    shop.as('github', { id });
    expect((await me((await shop.signIn('github')).body.accessToken)).email).toBe(`person${id}@example.com`);
  });

  it('asks for the second factor, whatever the provider proved', async () => {
    const { Secret, TOTP } = await import('otpauth');
    newcomer('google');
    const { accessToken } = (await shop.signIn('google')).body;
    const begun = (await shop.world.post('/me/second-factor', {}, accessToken)).body;
    const totp = new TOTP({ secret: Secret.fromBase32(begun.secret) });
    const confirmed = await shop.world.post('/me/second-factor/confirmation', { code: totp.generate() }, accessToken);
    expect(confirmed.status).toBe(200);

    const asked = await shop.signIn('google');
    expect(asked).toMatchObject({ status: 200, body: { secondFactorRequired: true } });
    expect(asked.body).not.toHaveProperty('accessToken');
    const { challenge } = asked.body;
    const answered = await shop.world.post('/auth/second-factor', { challenge, code: confirmed.body.backupCodes[0] });
    expect(answered.status).toBe(200);
    expect((await shop.world.get('/me/sessions', answered.body.accessToken)).body.data[0].proofs).toEqual(['external', 'backup_code']);
  });
});
