import { hash, randomBytes } from 'node:crypto';
import { ContainerModule } from 'inversify';
import type { Log } from '#application/shared/ports.ts';
import type { ExternalConfig } from '#composition/config/external.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Profile, SILENT, testConfig } from '../profiles.ts';
import { type Answer, startWorld, type World } from '../world.ts';
import { facebookSimulator } from './facebook.ts';
import { githubSimulator } from './github.ts';
import { APPS, askWith, HeadlessBrowser, THALI } from './headless-browser.ts';
import { openIdServer } from './openid.ts';
import { type Rogue, rogueOpenId } from './rogue-openid.ts';
import { CLIENT, newMood, type Person, type Simulated } from './simulated.ts';

export type ProviderName = 'google' | 'github' | 'facebook';
type Begin = { readonly app?: 'customers' | 'partners'; readonly returnTo?: string };

/** A whole Thali whose people sign in through providers of this process, and the browser they do it with. */
export class ExternalWorld {
  readonly world: World;
  readonly providers: Readonly<Record<ProviderName, Simulated>>;

  constructor(world: World, providers: Readonly<Record<ProviderName, Simulated>>) {
    this.world = world;
    this.providers = providers;
  }

  browser = (): HeadlessBrowser => new HeadlessBrowser(askWith(this.world));

  /** Who is signed in at a provider, in a mood that is good otherwise. */
  as(provider: ProviderName, person: Partial<Person> & Pick<Person, 'id'>): void {
    const { mood } = this.providers[provider];
    Object.assign(mood, newMood(), { person: { name: 'Asha Rao', email: `person${person.id}@example.com`, isEmailVerified: true, ...person } });
  }

  begin = (provider: string, verifier = newVerifier(), body: Begin = {}): Promise<Answer & { readonly verifier: string }> =>
    this.world.post(`/auth/external/${provider}`, { challenge: challengeOf(verifier), ...body }).then((answer) => ({ ...answer, verifier }));

  /** Goes all the way to the app. */
  async travel(provider: ProviderName, browser = this.browser(), begin: Begin = {}) {
    const { body, verifier } = await this.begin(provider, newVerifier(), begin);
    return { verifier, ...arrivedAt(await browser.open(body.url)) };
  }

  async signIn(provider: ProviderName, extra: object = {}): Promise<Answer> {
    const { code, verifier } = await this.travel(provider);
    return this.world.post('/auth/external', { code, verifier, ...extra });
  }

  async beginLink(provider: ProviderName, token: string, password?: string) {
    const verifier = newVerifier();
    const body = { provider, challenge: challengeOf(verifier), ...(password !== undefined && { password }) };
    return { verifier, ...(await this.world.post('/me/external-identities/options', body, token)) };
  }

  async linkCode(provider: ProviderName, token: string, password?: string) {
    const { body, verifier } = await this.beginLink(provider, token, password);
    return { verifier, ...arrivedAt(await this.browser().open(body.url)) };
  }

  async link(provider: ProviderName, token: string, password?: string): Promise<Answer> {
    const { code, verifier } = await this.linkCode(provider, token, password);
    return this.world.post('/me/external-identities', { code, verifier }, token);
  }

  async close(): Promise<void> {
    await this.world?.close();
    await Promise.all(Object.values(this.providers).map(({ close }) => close()));
  }
}

export const newVerifier = (): string => randomBytes(32).toString('base64url');
export const challengeOf = (verifier: string): string => hash('sha256', verifier, 'base64url');

/** What an address of an app says. */
export const arrivedAt = (url: URL) => ({
  url,
  code: new URLSearchParams(url.hash.slice(1)).get('code') ?? undefined,
  error: url.searchParams.get('error') ?? undefined,
});

const withExternal = (external: ExternalConfig, log: Log, publicUrl = THALI): ContainerModule =>
  new ContainerModule(({ rebind }) => {
    rebind(Platform.config).toConstantValue({ ...testConfig, publicUrl, external, identity: { ...testConfig.identity, apps: APPS } });
    rebind(Platform.log).toConstantValue(log);
  });

export async function startExternal(profile: Profile, { log = SILENT, overrides = [] }: { log?: Log; overrides?: readonly ContainerModule[] } = {}) {
  const [google, github, facebook] = await Promise.all([
    openIdServer(`${THALI}/auth/external/google/callback`),
    githubSimulator(),
    facebookSimulator(),
  ]);
  const external = {
    google: { ...CLIENT, issuer: google.url },
    github: { ...CLIENT, baseUrl: github.url, apiUrl: `${github.url}/api` },
    facebook: { ...CLIENT, baseUrl: facebook.url, graphUrl: facebook.url },
  };
  return new ExternalWorld(await startWorld(profile, withExternal(external, log), ...overrides), { google, github, facebook });
}

/** The same with a provider that lies, in the place of Google. */
export async function startRogue(profile: Profile): Promise<{ readonly world: World; readonly rogue: Rogue }> {
  const rogue = await rogueOpenId();
  return { rogue, world: await startWorld(profile, withExternal({ google: { ...CLIENT, issuer: rogue.url } }, SILENT)) };
}
