import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '#composition/modules/identity.ts';
import { arrivedAt, challengeOf, ExternalWorld, newVerifier, startExternal, startRogue } from '../../support/oauth/external-world.ts';
import { THALI } from '../../support/oauth/headless-browser.ts';
import { forging, type Rogue } from '../../support/oauth/rogue-openid.ts';
import { CLIENT } from '../../support/oauth/simulated.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import type { World } from '../../support/world.ts';

const MINUTE = 60_000;
/** The rogue stands in their place. */
const NO_PROVIDERS = {} as ConstructorParameters<typeof ExternalWorld>[1];
const CODE_INVALID = { status: 401, body: { code: 'identity.external_code_invalid' } };

describe.each(PROFILES)('the way to a provider and back on %s', (profile) => {
  let shop: ExternalWorld;
  let clock: VirtualClock;
  let made = 3_000;
  beforeAll(async () => {
    clock = new VirtualClock(Date.now());
    shop = await startExternal(profile, { overrides: [clock.override()] });
  });
  afterAll(() => shop?.close());

  /** Goes as far as the callback, and does not open it. */
  const sentBack = async (provider: 'google' | 'github' = 'github', browser = shop.browser()) => {
    shop.as(provider, { id: String(++made) });
    const { body, verifier } = await shop.begin(provider);
    const back = await browser.open(body.url, ({ origin, pathname }) => origin === THALI && pathname.endsWith('/callback'));
    return { browser, back, verifier };
  };
  const STATE = 'http://eat.test/external-sign-in?error=identity.external_state_invalid';

  it('holds for the browser that set out, and for no other', async () => {
    const { browser, back } = await sentBack();
    expect(browser.cookies('thali.test')).toHaveLength(1);
    expect((await shop.browser().open(back.href)).href).toBe(STATE);
    expect((await browser.open(back.href)).href).toBe(STATE); // Shown once, it is used.

    const mine = await sentBack();
    const theirs = await sentBack();
    expect((await mine.browser.open(theirs.back.href)).href).toBe(STATE); // It holds a cookie, but of another way.
  });

  it('is one for each tab of a browser', async () => {
    const browser = shop.browser();
    const [one, other] = [await sentBack('github', browser), await sentBack('google', browser)];
    expect(browser.cookies('thali.test')).toHaveLength(2);
    for (const { back } of [other, one]) expect(arrivedAt(await browser.open(back.href)).code).toBeDefined();
  });

  it('ends with the provider that it began with', async () => {
    const { browser, back } = await sentBack('github');
    expect((await browser.open(back.href.replace('/github/', '/google/'))).href).toBe(STATE);
  });

  it.each(['', 'state=', 'state=x', `state=${'a'.repeat(43)}`, 'code=x', 'error=access_denied', `state=${'a'.repeat(43)}&state=${'b'.repeat(43)}`])(
    'is none with %j',
    async (query) => {
      expect((await shop.browser().open(`${THALI}/auth/external/github/callback?${query}`)).href).toBe(STATE);
    },
  );

  it('leads to the provider once, and only for ten minutes', async () => {
    const expired = 'http://eat.test/external-sign-in?error=identity.external_ticket_invalid';
    const { body } = await shop.begin('github');
    await shop.browser().open(body.url);
    expect((await shop.browser().open(body.url)).href).toBe(expired);
    const late = await shop.begin('github');
    const { browser, back } = await sentBack();
    clock.advance(10 * MINUTE + 1);
    expect((await shop.browser().open(late.body.url)).href).toBe(expired);
    expect((await browser.open(back.href)).href).toBe(STATE);
    expect((await shop.browser().open(`${THALI}/auth/external/start?ticket=made-up`)).href).toBe(expired);
  });

  it('is won by one of many callbacks with one state', async () => {
    const { browser, back } = await sentBack();
    const opened = await Promise.all(Array.from({ length: 10 }, () => browser.get(back)));
    const locations = opened.map(({ headers }) => headers.get('location') ?? '');
    expect(locations.filter((location) => location.includes('#code='))).toHaveLength(1);
    expect(locations.filter((location) => location === STATE)).toHaveLength(9);
  });

  it('ends in a code that is good once, soon, and for the app that began', async () => {
    const exchange = (code: string | undefined, verifier: string) => shop.world.post('/auth/external', { code, verifier });
    shop.as('github', { id: String(++made) });
    const first = await shop.travel('github');
    expect(await exchange(first.code, newVerifier())).toMatchObject(CODE_INVALID);
    expect(await exchange(first.code, first.verifier)).toMatchObject(CODE_INVALID); // Shown once, even so.
    const second = await shop.travel('github');
    const many = await Promise.all(Array.from({ length: 10 }, () => exchange(second.code, second.verifier)));
    expect(many.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
    const third = await shop.travel('github');
    clock.advance(2 * MINUTE + 1);
    expect(await exchange(third.code, third.verifier)).toMatchObject(CODE_INVALID);
    expect(await exchange('made-up', newVerifier())).toMatchObject(CODE_INVALID);
  });

  it('is for signing in, or for linking to one account', async () => {
    const [mine, other] = [await shop.world.account(`mine${++made}@example.com`), await shop.world.account(`other${made}@example.com`)];
    shop.as('github', { id: String(++made) });
    const password = 'Dosa-And-Chutney-1!';
    const link = (code: string | undefined, verifier: string, token: string) => shop.world.post('/me/external-identities', { code, verifier }, token);

    const toSignIn = await shop.travel('github');
    expect(await link(toSignIn.code, toSignIn.verifier, mine.token)).toMatchObject(CODE_INVALID);
    const toLink = await shop.linkCode('github', mine.token, password);
    expect(await link(toLink.code, toLink.verifier, other.token)).toMatchObject(CODE_INVALID);
    const toLinkToo = await shop.linkCode('github', mine.token, password);
    expect(await shop.world.post('/auth/external', { code: toLinkToo.code, verifier: toLinkToo.verifier })).toMatchObject(CODE_INVALID);
    expect((await shop.world.get('/me/external-identities', mine.token)).body.data).toEqual([]);
    expect((await shop.world.post('/me/external-identities/options', { provider: 'github', challenge: challengeOf('x') })).status).toBe(401);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'https:evil.example',
    '/%2f%2fevil.example',
    '/a//evil.example',
    'javascript:alert(1)',
    'http://eat.test.evil.example',
    '@evil.example',
    '.evil.example',
    '/..//evil.example',
    '/a#code=x',
    `/${'a'.repeat(200)}`,
  ])('never leads to %s', async (returnTo) => {
    expect(await shop.begin('google', newVerifier(), { returnTo })).toMatchObject({ status: 422, body: { code: 'identity.return_to_refused' } });
  });

  it('is made of our own address, whatever a request says its host is', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', 'content-type': 'application/json' };
    const { body } = await shop.world.call('POST', '/auth/external/google', { body: { challenge: challengeOf(newVerifier()) }, headers });
    expect(body.url).toMatch(/^http:\/\/thali\.test\/auth\/external\/start\?ticket=[\w-]{43}$/);
    const start = await shop.world.call('GET', new URL(body.url).pathname + new URL(body.url).search, { headers: { host: 'evil.example' } });
    const location = new URL(start.headers.get('location') as string);
    expect(location.searchParams.get('redirect_uri')).toBe('http://thali.test/auth/external/google/callback');
    expect(start.headers.get('set-cookie')).toMatch(/^thali-external-[\w-]{8}=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    expect(start.headers.get('cache-control')).toBe('no-store');
  });

  it('tells the app why there is no code', async () => {
    const error = async (provider: 'google' | 'github' | 'facebook') => (await shop.travel(provider)).url.href;
    for (const provider of ['google', 'github', 'facebook'] as const) {
      shop.as(provider, { id: String(++made) });
      shop.providers[provider].mood.denies = true;
      expect(await error(provider)).toBe('http://eat.test/external-sign-in?error=identity.external_denied');
      shop.as(provider, { id: String(++made) });
      shop.providers[provider].mood.breaks = 'token';
      expect(await error(provider)).toBe('http://eat.test/external-sign-in?error=identity.external_unavailable');
      shop.as(provider, { id: String(++made) });
      expect((await shop.travel(provider)).code).toBeDefined();
    }
  });

  it('ends at a page of ours where there is no app', async () => {
    const page = await shop.world.get('/external-sign-in?error=identity.external_denied');
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('You were not signed in') });
    expect((await shop.world.get('/external-sign-in?error=<script>')).body).toContain('Nearly done');
    expect((await shop.world.get('/external-sign-in')).headers.get('content-type')).toMatch(/^text\/html/);
  });
});

describe('a provider that lies', () => {
  let world: World;
  let rogue: Rogue;
  let shop: ExternalWorld;
  beforeAll(async () => {
    ({ world, rogue } = await startRogue('memory'));
    shop = new ExternalWorld(world, NO_PROVIDERS);
  });
  afterAll(async () => {
    await world?.close();
    await rogue?.close();
  });
  const travel = () => shop.travel('google');
  const nobody = async () => expect(await world.container.get(Identity.queries).externalIdentity(rogue.url, 'rogue-1')).toBeUndefined();

  it.each<readonly [string, Parameters<typeof forging>[0]]>([
    ['has no signature', { signed: 'not_at_all' }],
    ['is signed with another key', { signed: 'by_another' }],
    ['is signed with our own secret', { signed: 'with_the_secret' }],
    ['is for somebody else', { claims: (right) => ({ ...right, aud: 'another-client' }) }],
    ['is for several, and says not for whom', { claims: (right) => ({ ...right, aud: [CLIENT.clientId, 'another-client'] }) }],
    ['is of another issuer', { claims: (right) => ({ ...right, iss: 'https://accounts.google.com' }) }],
    ['has another nonce', { claims: (right) => ({ ...right, nonce: 'another' }) }],
    ['has no nonce', { claims: ({ nonce: _, ...right }) => right }],
    ['has expired', { claims: (right) => ({ ...right, exp: Number(right['iat']) - 60 }) }],
    ['does not say since when', { claims: ({ iat: _, ...right }) => right }],
    ['does not say for how long', { claims: ({ exp: _, ...right }) => right }],
    ['names nobody', { claims: ({ sub: _, ...right }) => right }],
  ])('is not believed when its token %s', async (_what, lie) => {
    rogue.forging = forging(lie);
    expect((await travel()).url.href).toBe('http://eat.test/external-sign-in?error=identity.external_proof_invalid');
    await nobody();
  });

  it('is not asked at all when it says that it is somebody else', async () => {
    const other = await startRogue('memory');
    other.rogue.forging = forging({ metadata: (right) => ({ ...right, issuer: 'https://accounts.google.com' }) });
    expect((await new ExternalWorld(other.world, NO_PROVIDERS).travel('google')).error).toBe('identity.external_unavailable');
    await other.world.close();
    await other.rogue.close();
  });

  it('is asked again after it could not be reached', async () => {
    const other = await startRogue('memory');
    const again = new ExternalWorld(other.world, NO_PROVIDERS);
    other.rogue.forging = forging({ metadata: () => ({}) });
    expect((await again.travel('google')).error).toBe('identity.external_unavailable');
    other.rogue.forging = forging({});
    expect((await again.travel('google')).code).toBeDefined();
    await other.world.close();
    await other.rogue.close();
  });

  it('has people of its own: one subject of two issuers is two persons', async () => {
    rogue.forging = forging({});
    const { code, verifier } = await travel();
    const mine = (await world.post('/auth/external', { code, verifier })).body.accessToken;
    const other = await startRogue('memory');
    expect(await world.container.get(Identity.queries).externalIdentity(rogue.url, 'rogue-1')).toBeDefined();
    expect(await world.container.get(Identity.queries).externalIdentity(other.rogue.url, 'rogue-1')).toBeUndefined();
    expect((await world.get('/me', mine)).body.email).toBe('rogue@example.com');
    await other.world.close();
    await other.rogue.close();
  });

  it.each([
    ['a text', 'true'],
    ['a number', 1],
    ['nothing', undefined],
    ['no', false],
  ])('confirms an address by nothing but true, so not by %s', async (_what, value) => {
    const sub = `unsure-${String(value)}`;
    rogue.forging = forging({ claims: (right) => ({ ...right, sub, email: `${sub}@example.com`, email_verified: value }) });
    const { code, verifier } = await travel();
    const { accessToken } = (await world.post('/auth/external', { code, verifier })).body;
    expect((await world.get('/me', accessToken)).body.emailVerified).toBe(false);
  });
});
