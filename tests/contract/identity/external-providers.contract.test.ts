import { hash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { facebookProvider } from '#adapters/oauth/facebook.ts';
import { githubProvider } from '#adapters/oauth/github.ts';
import { openIdProvider } from '#adapters/oauth/openid.ts';
import { insideTransaction } from '#adapters/shared/transaction-context.ts';
import type { Errand, ExternalProvider } from '#application/identity/external/ports.ts';
import { facebookSimulator } from '../../support/oauth/facebook.ts';
import { githubSimulator } from '../../support/oauth/github.ts';
import { askOut, HeadlessBrowser } from '../../support/oauth/headless-browser.ts';
import { openIdServer } from '../../support/oauth/openid.ts';
import { asha, CLIENT, newMood, type Simulated } from '../../support/oauth/simulated.ts';

const REDIRECT = 'http://thali.test/auth/external/any/callback';
const openId = (simulated: Simulated) => openIdProvider({ ...CLIENT, name: 'google', title: 'Google', issuer: simulated.url }, Date.now);

type Change = (carried: Errand, query: string) => readonly [Errand, string];

type Case = {
  readonly what: string;
  open(): Promise<Simulated>;
  provider(simulated: Simulated): ExternalProvider;
  readonly scope: string;
  issuer(url: string): string;
  /** What the provider vouches for of an address that it says, or does not say, is confirmed. */
  readonly confirmed: object;
  readonly unconfirmed: object;
};

const CASES: readonly Case[] = [
  {
    what: 'an OpenID provider with the address in its token',
    open: () => openIdServer(REDIRECT),
    provider: openId,
    scope: 'openid email profile',
    issuer: (url) => url,
    confirmed: { email: asha.email, isEmailVerified: true },
    unconfirmed: { email: asha.email, isEmailVerified: false },
  },
  {
    what: 'an OpenID provider that has to be asked for the address',
    open: () => openIdServer(REDIRECT, { emailIn: 'userinfo' }),
    provider: openId,
    scope: 'openid email profile',
    issuer: (url) => url,
    confirmed: { email: asha.email, isEmailVerified: true },
    unconfirmed: { email: asha.email, isEmailVerified: false },
  },
  {
    what: 'GitHub',
    open: githubSimulator,
    provider: ({ url }) => githubProvider({ ...CLIENT, baseUrl: url, apiUrl: `${url}/api` }),
    scope: 'read:user user:email',
    issuer: (url) => `${url}/login/oauth`,
    confirmed: { email: asha.email, isEmailVerified: true },
    unconfirmed: { email: null, isEmailVerified: false },
  },
  {
    what: 'Facebook',
    open: facebookSimulator,
    provider: ({ url }) => facebookProvider({ ...CLIENT, baseUrl: url, graphUrl: url }),
    scope: 'email public_profile',
    issuer: (url) => url,
    confirmed: { email: asha.email, isEmailVerified: false },
    unconfirmed: { email: asha.email, isEmailVerified: false },
  },
];

describe.each(CASES)('$what', ({ open, provider: of, scope, issuer, confirmed, unconfirmed }) => {
  let simulated: Simulated;
  let provider: ExternalProvider;
  beforeAll(async () => {
    simulated = await open();
    provider = of(simulated);
  });
  beforeEach(() => void Object.assign(simulated.mood, newMood()));
  afterAll(() => simulated?.close());

  const chance = (): string => randomBytes(32).toString('base64url');
  const errand = (): Errand => ({ redirectUri: REDIRECT, state: chance(), nonce: chance(), verifier: chance() });

  /** The query a browser comes back with that was sent there. */
  async function sent(carried: Errand): Promise<string> {
    const url = (await provider.authorizationUrl(carried)) ?? expect.fail('it cannot be reached');
    const isBack = ({ href }: URL): boolean => href.startsWith(REDIRECT);
    const back = await new HeadlessBrowser(askOut).open(url, isBack);
    expect(isBack(back), back.href).toBe(true);
    return back.search.slice(1);
  }
  const travelled = async (person: Partial<typeof asha> = {}) => {
    Object.assign(simulated.mood, { person: { ...asha, ...person } });
    const carried = errand();
    return { carried, query: await sent(carried) };
  };

  it('sends a browser there with state, S256 and no more than it needs', async () => {
    const carried = errand();
    const url = new URL((await provider.authorizationUrl(carried)) ?? '');
    expect(url.origin).toBe(simulated.url);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: CLIENT.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope,
      state: carried.state,
      code_challenge_method: 'S256',
      code_challenge: hash('sha256', carried.verifier, 'base64url'),
    });
    if (scope.startsWith('openid')) expect(url.searchParams.get('nonce')).toBe(carried.nonce);
    expect(url.href).not.toContain(carried.verifier);
    expect(url.href).not.toContain(CLIENT.clientSecret);
  });

  it('says who came back, by issuer and subject', async () => {
    const { carried, query } = await travelled();
    expect(await provider.prove(query, carried)).toEqual({
      outcome: 'proven',
      claims: { issuer: issuer(simulated.url), subject: asha.id, displayName: asha.name, ...confirmed },
    });
  });

  it('vouches for no address that is not confirmed', async () => {
    const { carried, query } = await travelled({ isEmailVerified: false });
    expect(await provider.prove(query, carried)).toMatchObject({ outcome: 'proven', claims: unconfirmed });
  });

  it('knows people without an address, or a name', async () => {
    const { carried, query } = await travelled({ id: '1002', email: null });
    expect(await provider.prove(query, carried)).toMatchObject({
      outcome: 'proven',
      claims: { subject: '1002', email: null, isEmailVerified: false },
    });
    const nameless = await travelled({ id: '1003', name: null });
    expect(await provider.prove(nameless.query, nameless.carried)).toMatchObject({ outcome: 'proven', claims: { subject: '1003' } });
  });

  it('takes a code once, of many that bring it at once too', async () => {
    const { carried, query } = await travelled();
    const all = await Promise.all(Array.from({ length: 5 }, () => provider.prove(query, carried)));
    expect(all.filter(({ outcome }) => outcome === 'proven').length).toBeLessThanOrEqual(1);
    expect(await provider.prove(query, carried)).toMatchObject({ outcome: 'invalid' });
  });

  it.each<readonly [string, Change]>([
    ['another state', (carried, query) => [{ ...carried, state: chance() }, query]],
    ['another verifier', (carried, query) => [{ ...carried, verifier: chance() }, query]],
    ['a made-up code', (carried, query) => [carried, query.replace(/code=[^&]+/, 'code=made-up')]],
    ['no code', (carried, query) => [carried, query.replace(/code=[^&]+/, '')]],
    ['a state that stands twice', (carried, query) => [carried, `${query}&state=${carried.state}`]],
    ['another issuer', (carried, query) => [carried, `${query.replace(/&iss=[^&]+/, '')}&iss=https%3A%2F%2Fevil.example`]],
  ])('proves nothing by %s', async (_what, changed) => {
    const { carried, query } = await travelled();
    expect(await provider.prove(changed(carried, query)[1], changed(carried, query)[0])).toMatchObject({ outcome: 'invalid' });
  });

  it('tells a person who did not agree from a provider that fails', async () => {
    simulated.mood.denies = true;
    const carried = errand();
    expect(await provider.prove(await sent(carried), carried)).toEqual({ outcome: 'denied' });

    simulated.mood.denies = false;
    const late = await travelled();
    simulated.mood.breaks = 'token';
    expect(await provider.prove(late.query, late.carried)).toMatchObject({ outcome: 'unavailable' });
    expect(await provider.prove(`error=temporarily_unavailable&state=${late.carried.state}${issOf(late.query)}`, late.carried)).toMatchObject({
      outcome: 'unavailable',
    });
  });

  it('says so when a profile cannot be had', async ({ skip }) => {
    const { carried, query } = await travelled();
    simulated.mood.breaks = 'profile';
    const proving = await provider.prove(query, carried);
    if (proving.outcome === 'proven') skip('the token says it all');
    expect(proving).toMatchObject({ outcome: 'unavailable' });
  });

  it('names no code, token or address in its reasons', async () => {
    const { carried, query } = await travelled();
    const proving = await provider.prove(query, { ...carried, verifier: chance() });
    expect(JSON.stringify(proving)).not.toMatch(new RegExp(`${carried.state}|${new URLSearchParams(query).get('code')}|asha|secret`));
  });

  it('is never asked within a transaction', async () => {
    const { carried, query } = await travelled();
    const tokens = simulated.tokens.length;
    expect(await insideTransaction(() => provider.prove(query, carried))).not.toMatchObject({ outcome: 'proven' });
    expect(simulated.tokens.length).toBe(tokens);
  });

  it('cannot be reached once it is gone', async () => {
    const gone = await open();
    const unreachable = of(gone);
    await gone.close();
    expect(await unreachable.prove(`code=x&state=s`, { ...errand(), state: 's' })).toMatchObject({ outcome: 'unavailable' });
  });
});

const issOf = (query: string): string => {
  const iss = new URLSearchParams(query).get('iss');
  return iss === null ? '' : `&iss=${encodeURIComponent(iss)}`;
};
