import { hash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pwnedPasswords } from '#adapters/pwned-passwords/breached-passwords.ts';
import { insideTransaction } from '#adapters/shared/transaction-context.ts';
import type { BreachedPasswords } from '#application/identity/ports.ts';
import { createContainer } from '#composition/container.ts';
import { Identity } from '#composition/modules/identity.ts';
import { SILENT, testConfig } from '../../support/profiles.ts';
import { type Mood, type RangeService, rangeService } from '../../support/range-service.ts';

const STOLEN = 'Correct-Horse-7-Battery';
const PADDING = 'Never-Seen-3-Anywhere';
const OWN = 'Tiffin-At-7-sharp-é✓';
const WAIT_MS = 300;

/** As an installation has it that was told whom to ask, or was not. */
const wired = (breachCheckUrl: string | undefined): BreachedPasswords => {
  const config = { ...testConfig, breachCheckUrl };
  return createContainer({ config, secret: 'a-secret-that-only-the-tests-know-000', log: SILENT, store: { kind: 'memory' } }).get(Identity.breached);
};

describe('passwords that were stolen', () => {
  let service: RangeService;
  const reasons: string[] = [];
  beforeAll(async () => {
    service = await rangeService({ [STOLEN]: 42, [PADDING]: 0 });
  });
  afterAll(() => service?.close());
  beforeEach(() => {
    service.mood = 'well';
    service.asked.length = 0;
    reasons.length = 0;
  });
  const patient = (timeoutMs = WAIT_MS) => pwnedPasswords({ baseUrl: service.url, timeoutMs, onUnknown: (reason) => reasons.push(reason) });

  describe.each<[string, () => BreachedPasswords, boolean]>([
    ['nobody is asked', () => wired(undefined), false],
    ['a service is asked', () => wired(`${service.url}/`), true],
    ['nobody is there who was to be asked', () => wired('http://127.0.0.1:9'), false],
  ])('where %s', (_what, open, isKnown) => {
    it('are known, or nothing is known of them', async () => {
      const breached = open();
      expect(await breached.find(STOLEN)).toBe(isKnown ? 'yes' : 'unknown');
      for (const other of [OWN, STOLEN.toLowerCase(), `${STOLEN} `, PADDING, ''])
        expect([other, await breached.find(other)]).toEqual([other, isKnown ? 'no' : 'unknown']);
    });

    it('are looked for many at a time, each for itself', async () => {
      const breached = open();
      const found = await Promise.all(Array.from({ length: 40 }, (_, i) => breached.find(i % 2 === 0 ? STOLEN : `${OWN}${i}`)));
      expect(found).toEqual(found.map((_, i) => (!isKnown ? 'unknown' : i % 2 === 0 ? 'yes' : 'no')));
    });
  });

  it('are asked for by five digits of a digest, and nothing else goes out', async () => {
    const breached = patient(5_000);
    for (const password of [STOLEN, OWN]) {
      service.asked.length = 0;
      await breached.find(password);
      const digest = hash('sha1', password, 'hex').toUpperCase();
      expect(service.asked).toEqual([
        { path: `/range/${digest.slice(0, 5)}`, body: '', headers: expect.objectContaining({ 'add-padding': 'true' }) },
      ]);
      const said = JSON.stringify(service.asked).toUpperCase();
      expect(said).not.toContain(password.toUpperCase());
      expect(said).not.toContain(digest.slice(0, 6));
      expect(said).not.toContain(digest.slice(5, 12));
    }
  });

  it.each<[Mood, string]>([
    ['failing', 'status 503'],
    ['limiting', 'status 429'],
    ['elsewhere', 'status 302'],
    ['silent', 'TimeoutError'],
    ['stalling', 'TimeoutError'],
    ['hanging up', 'UND_ERR_SOCKET'],
    ['a page', 'an answer of another kind'],
    ['empty', 'an answer of another kind'],
    ['endless', 'an answer without end'],
  ])('are unknown when the service is %s, which is said without the digits', async (mood, reason) => {
    const breached = patient(mood === 'endless' ? 5_000 : WAIT_MS);
    service.mood = mood;
    const began = performance.now();
    expect(await breached.find(STOLEN)).toBe('unknown');
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(reasons).toEqual([reason]);
    expect(service.asked).toHaveLength(1); // Nobody follows where it points.
    service.mood = 'well';
    expect(await patient(5_000).find(STOLEN)).toBe('yes');
  });

  it('are never asked for inside a transaction', async () => {
    await expect(insideTransaction(() => patient().find(STOLEN))).rejects.toThrow('inside a transaction');
    expect(service.asked).toEqual([]);
  });
});
