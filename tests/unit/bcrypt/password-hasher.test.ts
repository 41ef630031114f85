import { createHmac } from 'node:crypto';
import { compareSync, hashSync } from 'bcryptjs';
import { afterEach, describe, expect, it } from 'vitest';
import { type BcryptOptions, BcryptPasswordHasher } from '#adapters/bcrypt/password-hasher.ts';
import { HasherBusy } from '#application/identity/ports.ts';

const OLD = { kid: 'k1', secret: 'an old secret of enough characters' };
const NEW = { kid: 'k2', secret: 'a new secret of enough characters!' };
const GOOD = 'correct horse battery staple';

const opened: BcryptPasswordHasher[] = [];
const hasher = (options: Partial<BcryptOptions> = {}): BcryptPasswordHasher => {
  const made = new BcryptPasswordHasher({ peppers: [NEW, OLD], cost: 4, ...options });
  opened.push(made);
  return made;
};
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: Error) => error.name,
  );

describe('hashing passwords', () => {
  it('keeps key and cost beside a bcrypt hash of the keyed digest', async () => {
    const hash = await hasher().hash(GOOD);
    expect(hash).toMatch(/^v1\$k2\$\$2b\$04\$[./A-Za-z0-9]{53}$/);
    expect(compareSync(createHmac('sha384', NEW.secret).update(GOOD).digest('base64'), hash.slice('v1$k2$'.length))).toBe(true);
    expect(await hasher().hash(GOOD)).not.toBe(hash);
  });

  it.each([
    ['the same password', GOOD, true],
    ['another password', `${GOOD}!`, false],
    ['nothing', '', false],
  ])('verifies %s', async (_, password, expected) => {
    const one = hasher();
    expect(await one.verify(password, await one.hash(GOOD))).toBe(expected);
  });

  it('takes the whole of a long password, NUL included, and one spelling of a character for another', async () => {
    const one = hasher();
    const long = 'x'.repeat(100);
    const hash = await one.hash(long);
    expect(await one.verify(`${'x'.repeat(99)}y`, hash)).toBe(false);
    expect(await one.verify(long, hash)).toBe(true);
    const nul = await one.hash('a\0b');
    expect(await one.verify('a\0c', nul)).toBe(false);
    expect(await one.verify('\u0065\u0301\uFF21', await one.hash('\u00e9A'))).toBe(true);
  });

  it('verifies with an older key, and wants the hash made again', async () => {
    const before = new BcryptPasswordHasher({ peppers: [OLD], cost: 4 });
    opened.push(before);
    const hash = await before.hash(GOOD);
    const now = hasher();
    expect(await now.verify(GOOD, hash)).toBe(true);
    expect([before.needsRehash(hash), now.needsRehash(hash), now.needsRehash(await now.hash(GOOD))]).toEqual([false, true, false]);
    expect(hasher({ cost: 5 }).needsRehash(await now.hash(GOOD))).toBe(true);
    expect(now.needsRehash('nonsense')).toBe(true);
    expect(now.needsRehash(`v1$k2$${hashSync('x', 4).replace('$2b$', '$2a$')}`)).toBe(true);
  });

  it('says false without a hash it can use, after the work of one', async () => {
    const one = hasher({ cost: 10 });
    const hash = await one.hash(GOOD);
    const unusable = [
      undefined,
      '',
      'nonsense',
      hash.slice(0, -1),
      `${hash}x`,
      hash.replace('k2', 'k9'),
      hash.replace('v1', 'v2'),
      hash.replace('$10$', '$31$'),
      hash.slice('v1$k2$'.length),
    ];
    const times: number[] = [];
    for (const stored of [hash, hash, hash, ...unusable]) {
      const started = performance.now();
      expect(await one.verify(GOOD, stored)).toBe(stored === hash);
      times.push(performance.now() - started);
    }
    expect(Math.min(...times.slice(3))).toBeGreaterThan(Math.min(...times.slice(0, 3)) / 2);
  });

  it('takes no password that is not Unicode', async () => {
    const one = hasher();
    await expect(one.hash('a\ud800')).rejects.toThrow(TypeError);
    expect(await one.verify('a\ud800', await one.hash('a\ufffd'))).toBe(false);
  });

  it.each<Partial<BcryptOptions>>([
    { cost: 3 },
    { cost: 16 },
    { peppers: [{ kid: 'k$1', secret: OLD.secret }] },
    { peppers: [{ kid: 'k1', secret: 'short' }] },
    { peppers: [OLD, { ...NEW, kid: OLD.kid }] },
  ])('refuses to be made with %j', (options) => {
    expect(() => hasher(options)).toThrow();
  });
});

describe('under load', () => {
  it('refuses what it has no room for, and does the rest', async () => {
    const one = hasher({ cost: 9, waitingMax: 3 });
    const all = await Promise.all(Array.from({ length: 8 }, () => outcome(one.hash(GOOD))));
    expect(all).toEqual(['done', 'done', 'done', 'done', 'done', 'HasherBusy', 'HasherBusy', 'HasherBusy']);
    expect(await outcome(one.hash(GOOD))).toBe('done');
  });

  it('gives up what waited too long', async () => {
    const one = hasher({ cost: 12, threads: 1, waitMaxMs: 60 });
    const all = await Promise.all(Array.from({ length: 3 }, () => outcome(one.hash(GOOD))));
    expect(all).toEqual(['done', 'HasherBusy', 'HasherBusy']);
  });

  it('leaves the event loop free', async () => {
    const one = hasher({ cost: 13 });
    await one.verify(GOOD, 'nonsense');
    const before = process.threadCpuUsage();
    await Promise.all(Array.from({ length: 2 }, () => one.hash(GOOD)));
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(200); // ms; one hash on this thread would take twice that.
  });

  it('finishes what is under way before it closes, and refuses the rest', async () => {
    const one = hasher({ cost: 10, threads: 1 });
    const work = [one.hash(GOOD), one.hash(GOOD)].map(outcome);
    const ended: unknown[] = [];
    for (const each of work) void each.then((how) => ended.push(how));
    await one.close();
    expect(ended.sort()).toEqual(['HasherBusy', 'done']);
    await expect(one.verify(GOOD, undefined)).rejects.toThrow(HasherBusy);
    await one.close();
  });
});
