import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheMeasures } from '#adapters/shared/platform/cache-counts.ts';
import { Copies, weightOf } from '#adapters/shared/platform/copies.ts';
import { TieredCache } from '#adapters/shared/platform/tiered-cache.ts';
import { cacheOn, KEEP, keyOf, Source } from '../../support/cache.ts';

const TTL_MS = 1_000;

describe('a cache in one process', () => {
  it.each([
    [0, 900],
    [0.5, 1_000],
    [1, 1_100],
  ])('gives a value its time and a tenth more or less: chance %d ends it after %d ms', async (chance, life) => {
    let now = 0;
    const source = new Source();
    const cache = cacheOn(
      undefined,
      () => now,
      () => chance,
    );
    const read = () => cache.getOrSet(keyOf('a'), { ...KEEP, ttlMs: TTL_MS }, source.read);
    await read();
    now = life - 1;
    await read();
    expect(source.reads).toBe(1);
    now = life;
    await read();
    expect(source.reads).toBe(2);
  });

  it('believes a copy for a second when other processes write to the same source', async () => {
    let now = 0;
    const source = new Source();
    const cache = new TieredCache({ now: () => now, random: () => 0.5, isAlone: false, entriesMax: 10, bytesMax: 10_000 });
    const read = async () => (await cache.getOrSet(keyOf('a'), KEEP, source.read))?.text;
    await read();
    source.value = 'second';
    now = 999;
    expect(await read()).toBe('first');
    now = 1_000;
    expect(await read()).toBe('second');
  });

  it('is bounded in number and in size, and forgets what was not used for longest', async () => {
    const copies = new Copies({ entriesMax: 3, bytesMax: 1_000 });
    const copy = (value: unknown) => ({
      value,
      tags: [],
      marks: [],
      revision: undefined,
      stamp: undefined,
      checkedAt: 0,
      goodUntil: 1,
      staleUntil: 1,
    });
    for (const name of ['a', 'b', 'c']) copies.set(name, copy(1));
    copies.get('a');
    copies.set('d', copy(1));
    expect(['a', 'b', 'c', 'd'].filter((name) => copies.get(name))).toEqual(['a', 'c', 'd']);
    copies.set('large', copy('x'.repeat(490)));
    expect(copies.size().entries).toBeLessThan(3);
    copies.set('too large', copy('x'.repeat(600)));
    expect(copies.get('too large')).toBeUndefined();
    expect(copies.size().bytes).toBeLessThanOrEqual(1_000);
  });

  it('weighs more what holds more', () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withSet: true }), (value) => {
        const weight = weightOf(value);
        expect(weight).toBeGreaterThan(0);
        expect(weightOf([value, 'more'])).toBeGreaterThan(weight);
        expect(weightOf(new Map([['key', value]]))).toBeGreaterThan(weight);
      }),
    );
  });

  it('shows its counts as measures, with the ratio of hits', async () => {
    const source = new Source();
    const cache = cacheOn(undefined);
    for (let i = 0; i < 4; i++) await cache.getOrSet(keyOf('a'), KEEP, source.read);
    const readings = Object.fromEntries(await Promise.all(cacheMeasures(cache).map(async ({ name, read }) => [name, await read()] as const)));
    expect(readings['thali_cache_hits_total']).toEqual([{ labels: { namespace: 'things' }, value: 3 }]);
    expect(readings['thali_cache_hit_ratio']).toEqual([{ labels: { namespace: 'things' }, value: 0.75 }]);
    expect(readings['thali_cache_entries']).toEqual([{ value: 1 }]);
  });
});
