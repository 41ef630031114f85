import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { eventsOf } from '../../support/events.ts';
import { arrivedAt, type ExternalWorld, newVerifier, startExternal } from '../../support/oauth/external-world.ts';
import { CLIENT } from '../../support/oauth/simulated.ts';
import { PROFILES } from '../../support/profiles.ts';

/** Every way to a provider and back, and then a search for everything secret that was on it. */
describe.each(PROFILES)('secrets of signing in elsewhere on %s', (profile) => {
  let shop: ExternalWorld;
  const lines: string[] = [];
  const write = (message: string, facts?: object): void =>
    void lines.push(JSON.stringify([message, facts], (_key, value) => (value instanceof Error ? String(value.stack) : value)));
  beforeAll(async () => {
    shop = await startExternal(profile, { log: { info: write, warn: write, error: write } });
  });
  afterAll(() => shop?.close());

  it('stand in no line of the log, no event and no row', async () => {
    const secrets: string[] = [CLIENT.clientSecret];
    const keep = (...texts: (string | null | undefined)[]) => secrets.push(...texts.map((text) => text ?? expect.fail('a secret is missing')));

    for (const [index, provider] of (['google', 'github', 'facebook'] as const).entries()) {
      const id = String(9_000 + index);
      for (const breaks of ['nothing', 'token'] as const) {
        shop.as(provider, { id, email: `canary${id}@example.com` });
        shop.providers[provider].mood.breaks = breaks;
        const browser = shop.browser();
        const { body, verifier } = await shop.begin(provider, newVerifier());
        keep(verifier, new URL(body.url).searchParams.get('ticket'));
        const { code } = arrivedAt(await browser.open(body.url));
        const back = new URL(browser.visited.find((address) => address.includes('/callback')) as string);
        keep(back.searchParams.get('state'), back.searchParams.get('code'));
        const asked = new URL(browser.visited.find((address) => address.includes('code_challenge')) as string);
        if (provider === 'google') keep(asked.searchParams.get('nonce'));
        await browser.open(back.href); // Once more: refused, and reported.
        if (breaks === 'token') continue;
        keep(code);
        const signedIn = (await shop.world.post('/auth/external', { code, verifier })).body;
        keep(signedIn.accessToken, signedIn.refreshToken, signedIn.deviceToken);
        await shop.world.post('/auth/external', { code, verifier });
      }
      shop.as(provider, { id });
      await shop.travel(provider); // Its code waits to be fetched.
      keep(...shop.providers[provider].tokens);
    }
    expect(shop.providers.google.tokens.length).toBeGreaterThan(0);

    const events = JSON.stringify(await eventsOf(shop.world.container));
    const found = { log: lines.join('\n'), events, rows: await rowsOf(shop) };
    expect(found.log).toContain('a provider’s answer was not taken');
    expect(found.rows).toContain('9001'); // It is about whom the provider means,
    expect(events).not.toMatch(/"900\d"/); // and the log of events is not.
    for (const [place, text] of Object.entries(found)) {
      for (const secret of secrets) expect(text.includes(secret), `${place} holds ${secret.slice(0, 6)}…`).toBe(false);
    }
    expect(found.log).not.toContain('canary');
  });
});

async function rowsOf({ world: { container } }: ExternalWorld): Promise<string> {
  if (!container.isBound(Platform.sql)) return JSON.stringify([...container.get(Platform.store).tables].map(([name, rows]) => [name, [...rows]]));
  const sql = container.get(Platform.sql)();
  const tables = ['accounts', 'sessions', 'one_time_tokens', 'external_identities', 'notes', 'attempts'];
  return JSON.stringify(await Promise.all(tables.map((table) => sql<{ text: string }>(`select t::text as text from identity.${table} t`))));
}
