import { ContainerModule } from 'inversify';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { eventsOf } from '../../support/events.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const SECRETS = ['tiffin-At-7-sharp', 'Kulfi-at-9-maybe', 'Wrong-guess-1984!', 'Ladoo-by-noon-4'];
const [PASSWORD, NEW, WRONG, NEWEST] = SECRETS as [string, string, string, string];

/** A whole life of an account, and then a search for everything secret that was in it. */
describe.each(PROFILES)('secrets on %s', (profile) => {
  let world: World;
  const lines: string[] = [];
  const write = (message: string, facts?: object): void =>
    void lines.push(JSON.stringify([message, facts], (_key, value) => (value instanceof Error ? String(value.stack) : value)));

  beforeAll(async () => {
    world = await startWorld(
      profile,
      new ContainerModule(({ rebind }) => void rebind(Platform.log).toConstantValue({ info: write, warn: write, error: write })),
    );
  });
  afterAll(() => world?.close());

  it('stand in no line of the log, no event, no row and no answer that is not their own', async () => {
    const email = 'canary@example.com';
    const secrets: string[] = [...SECRETS];
    const keep = (...texts: (string | undefined)[]) => secrets.push(...texts.map((text) => text ?? expect.fail('a secret is missing')));
    const mailed = async (address = email) => {
      const token = tokenIn((await mailTo(world.container, address))[0]);
      keep(token, token.split('.')[1]);
      return token;
    };
    const login = (password: string) => world.post('/auth/login', { identifier: email, password });

    await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Tara Sen', phone: '+91 98100 00555' });
    await world.post('/auth/verify-email', { token: await mailed() });
    await login(WRONG);
    const session = (await login(PASSWORD)).body;
    keep(session.accessToken, session.refreshToken, session.deviceToken);
    await world.post('/auth/reset-password', { identifier: email });
    const reset = await mailed();
    await world.post('/auth/verify-reset', { token: `${reset.slice(0, -3)}AAA`, newPassword: NEW });
    await world.post('/auth/verify-reset', { token: reset, newPassword: NEW });
    const { accessToken } = (await login(NEW)).body;
    keep(accessToken);
    await world.post('/me/email', { email: `new-${email}`, password: NEW }, accessToken);
    await mailed(`new-${email}`);

    const begun = (await world.post('/me/second-factor', { password: NEW }, accessToken)).body;
    const code = new TOTP({ secret: Secret.fromBase32(begun.secret) }).generate();
    const confirmed = (await world.post('/me/second-factor/confirmation', { code }, accessToken)).body;
    keep(begun.secret, ...confirmed.backupCodes, ...confirmed.backupCodes.map((text: string) => text.replaceAll('-', '').slice(2)));
    const { challenge } = (await login(NEW)).body;
    keep(challenge, challenge.split('.')[1]);
    await world.post('/auth/second-factor', { challenge, code: '01-AAAAA-AAAAA' });
    const second = (await world.post('/auth/second-factor', { challenge, code: confirmed.backupCodes[0] })).body;
    keep(second.accessToken);
    await world.post('/me/password', { currentPassword: NEW, newPassword: NEWEST }, second.accessToken);
    await mailTo(world.container, email);

    const events = JSON.stringify(await eventsOf(world.container));
    const found = { log: lines.join('\n'), events, rows: await rowsOf(world) };
    expect(lines.length).toBeGreaterThan(10); // or nothing was logged at all
    expect(found.rows.length).toBeGreaterThan(5_000);
    for (const [place, text] of Object.entries(found)) {
      for (const secret of secrets) expect(text.includes(secret), `${place} holds ${secret.slice(0, 6)}…`).toBe(false);
    }
    expect(events).not.toMatch(/\$2[aby]\$|v1\.|verifier|selector|salt|98100/);
    expect(found.log).not.toContain('canary@');
  });
});

async function rowsOf({ container }: World): Promise<string> {
  if (!container.isBound(Platform.sql)) return JSON.stringify([...container.get(Platform.store).tables].map(([name, rows]) => [name, [...rows]]));
  const sql = container.get(Platform.sql)();
  const tables = [
    'identity.accounts',
    'identity.sessions',
    'identity.one_time_tokens',
    'identity.second_factors',
    'identity.passkeys',
    'identity.attempts',
    'notifications.emails',
  ];
  const texts = await Promise.all(tables.map((table) => sql<{ text: string }>(`select t::text as text from ${table} t`)));
  return JSON.stringify(texts);
}
