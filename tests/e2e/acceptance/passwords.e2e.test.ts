import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '#composition/modules/identity.ts';
import { configured } from '../../support/config.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const YEAR = 366 * 86_400_000;
const EMOJI = '🍛🍚🥘🫓'.repeat(15);

// What a password is does not depend on where its hash is kept.
describe('a password', () => {
  let world: World;
  let clock: VirtualClock;
  let hashes = 0;
  let made = 0;

  beforeAll(async () => {
    clock = new VirtualClock(1_790_000_000_000);
    world = await startWorld('memory', clock.override());
    const hasher = world.container.get(Identity.hasher);
    const hash = hasher.hash.bind(hasher);
    hasher.hash = (text) => {
      hashes += 1;
      return hash(text);
    };
  });
  afterAll(() => world?.close());

  const fresh = () => `eater${++made}@example.com`;
  const register = (password: string, more: object = {}, email = fresh()) =>
    world.post('/auth/register', { email, password, displayName: 'Nila Roy', ...more });
  const owner = async (password: string) => {
    const { status, body } = await register(password);
    expect(status).toBe(201);
    return body.email as string;
  };
  const login = async (identifier: string, password: string) => (await world.post('/auth/login', { identifier, password })).status;

  it('counts exactly as it was typed: spaces, case and all', async () => {
    const password = '  Pässword Two 2 ';
    const email = await owner(password);
    for (const other of [password.trim(), password.toUpperCase(), password.replace('ä', 'a'), `${password} `])
      expect([other, await login(email, other)]).toEqual([other, 401]);
    expect(await login(email, password)).toBe(200);
  });

  it('is the same however a keyboard composes it', async () => {
    const email = await owner('Käsesp\u00e4tzle-7!');
    expect(await login(email, 'Käsesp\u00e4tzle-7!'.normalize('NFD'))).toBe(200);
  });

  it.each([
    ['64 letters', 'aB3-xYz7'.repeat(8)],
    ['128 characters', 'aB3-xYz7'.repeat(16)],
    ['emoji, four bytes each', `Aa1-${EMOJI}`],
  ])('of %s counts to the last one', async (_what, password) => {
    const email = await owner(password);
    const characters = [...password];
    for (const place of [characters.length - 1, 72, 30].filter((one) => one < characters.length)) {
      const other = characters.with(place, characters[place] === 'x' ? 'y' : 'x').join('');
      expect(await login(email, other)).toBe(401);
    }
    expect(await login(email, password)).toBe(200);
  });

  it.each([
    ['of 129 characters', `Aa1-${'x'.repeat(125)}`, ['too_long']],
    ['of 7 characters', 'Aa1-xyz', ['too_short']],
    ['without an upper-case letter', 'tiffin-at-7-sharp', ['no_upper']],
    ['without a digit', 'Tiffin-at-noon', ['no_digit']],
    ['without a sign', 'TiffinAt7Sharp', ['no_special']],
    ['of their own name', 'Nila-Roy-2026!', ['own_words']],
    ['that many people have', 'Password1!', ['common']],
  ])('%s is refused before it costs any work, and says why', async (_what, password, rules) => {
    const before = hashes;
    const { status, body } = await register(password);
    expect([status, body.code, body.rules]).toEqual([422, 'identity.password_weak', rules]);
    expect(hashes).toBe(before);
  });

  it('is asked for again by no calendar', async () => {
    const email = await owner(PASSWORD);
    clock.advance(3 * YEAR);
    expect(await login(email, PASSWORD)).toBe(200);
  });

  it('has no hints, and nobody sets it for somebody else', async () => {
    for (const more of [
      { passwordHint: 'lunch' },
      { secretQuestion: 'x' },
      { passwordHash: 'x' },
      { id: crypto.randomUUID() },
      { emailVerified: true },
    ])
      expect((await register(PASSWORD, more)).status).toBe(400);
    const operations = JSON.stringify((await world.get('/openapi.json')).body);
    expect(operations).not.toMatch(/hint"|secretQuestion|"userId"/);
  });

  it('is not what an invitation, a link or a code is', async () => {
    const email = await owner(PASSWORD);
    await world.post('/auth/reset-password', { identifier: email });
    const [reset, welcome] = await mailTo(world.container, email);
    for (const mail of [reset, welcome]) expect(await login(email, tokenIn(mail))).toBe(401);
  });

  it('is hashed anew, as the house wants it now, when its owner signs in', async () => {
    const old = await owner(PASSWORD);
    const stored = async (from: World) => {
      const account = await from.container.get(Identity.queries).accountByEmail(old as never);
      return account?.passwordHash ?? '';
    };
    expect(await stored(world)).toMatch(/^v1\$[\w-]+\$\$2b\$04\$/);
    const stronger = await startWorld('memory', configured({ bcryptCost: 6 }));
    try {
      expect((await stronger.post('/auth/register', { email: old, password: PASSWORD, displayName: 'Nila Roy' })).status).toBe(201);
      const { passwordHash } = (await world.container.get(Identity.queries).accountByEmail(old as never)) as { passwordHash: string };
      // A row from before the cost went up.
      const accounts = stronger.container.get(Identity.uow);
      await accounts.run({ kind: 'system', name: 'test' }, async (tx) => {
        const account = await stronger.container.get(Identity.queries).accountByEmail(old as never);
        const current = account && (await tx.accounts.lock(account.id));
        if (current)
          await tx.accounts.save({
            state: { ...current, passwordHash },
            events: [{ type: 'identity.password_rehashed', accountId: current.id, at: 0 }],
          });
        return { ok: true, value: undefined };
      });
      expect(await stored(stronger)).toMatch(/\$2b\$04\$/);
      expect((await stronger.post('/auth/login', { identifier: old, password: PASSWORD })).status).toBe(200);
      expect(await stored(stronger)).toMatch(/\$2b\$06\$/);
      expect((await stronger.post('/auth/login', { identifier: old, password: PASSWORD })).status).toBe(200);
    } finally {
      await stronger.close();
    }
  });

  it('that is wrong for too many at once is no reason to keep anybody else waiting', async () => {
    const email = await owner(PASSWORD);
    const { accessToken } = (await world.post('/auth/login', { identifier: email, password: PASSWORD })).body;
    const slow = await startWorld('memory', configured({ bcryptCost: 8 }));
    try {
      await slow.post('/auth/register', { email, password: PASSWORD, displayName: 'Nila Roy' });
      const guesses = Array.from({ length: 200 }, (_, i) => slow.post('/auth/login', { identifier: `nobody${i}@example.com`, password: PASSWORD }));
      let isOver = false;
      const all = Promise.all(guesses).finally(() => {
        isOver = true;
      });
      let answered = 0;
      while (!isOver) {
        expect((await slow.get('/health/live')).status).toBe(200);
        answered += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      const answers = await all;
      // Two are hashed and sixty-four wait; the rest is told to come back instead of standing in line.
      const busy = answers.filter(({ status }) => status === 503);
      expect(busy.length).toBeGreaterThanOrEqual(50);
      for (const one of busy) expect([one.body.code, one.headers.get('retry-after')]).toEqual(['identity.busy', '2']);
      expect(answers.filter(({ status }) => status === 401).length).toBe(200 - busy.length);
      expect(answered).toBeGreaterThan(5);
    } finally {
      await slow.close();
    }
    expect((await world.get('/me', accessToken)).status).toBe(200);
  });
});
