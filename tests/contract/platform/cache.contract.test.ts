import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import type { TieredCache } from '#adapters/shared/platform/tiered-cache.ts';
import { cacheOn, KEEP, keyOf, Source } from '../../support/cache.ts';
import { COUNTING, freshRedis } from '../../support/redis.ts';

describe.each(COUNTING)('a cache in %s', (where) => {
  let connection: RedisConnection | undefined;
  let cache: TieredCache;
  let source: Source;
  let n = 0;
  let key = keyOf('x');
  beforeAll(async () => {
    connection = where === 'redis' ? await freshRedis() : undefined;
  });
  afterAll(() => connection?.close());
  beforeEach(() => {
    cache = cacheOn(connection);
    source = new Source();
    key = keyOf(`thing-${n++}`, `tenant-${n}`);
  });

  const read = async (keep = KEEP) => (await cache.getOrSet(key, keep, source.read))?.text;
  const herd = (keep = KEEP) => Promise.all(Array.from({ length: 64 }, () => read(keep)));
  const invalidate = (tags = ['things']) => cache.invalidate(key.tenant, tags, 'everywhere');
  const change = (value: string | undefined) => {
    source.value = value;
  };

  it('reads once for all who ask at the same time, and for all who come later', async () => {
    expect(new Set(await herd())).toEqual(new Set(['first']));
    change('second');
    expect(new Set(await herd())).toEqual(new Set(['first']));
    expect(source.reads).toBe(1);
  });

  it('reads again when its time is over', async () => {
    await read({ ...KEEP, ttlMs: 30 });
    change('second');
    expect(
      await eventually(
        () => read({ ...KEEP, ttlMs: 30 }),
        (text) => text === 'second',
        5_000,
      ),
    ).toBe('second');
  });

  it('reads again when one of its tags was invalidated, and for no other tag or tenant', async () => {
    const keep = { ...KEEP, tags: ['things', 'others'] };
    await read(keep);
    change('second');
    await invalidate(['strangers']);
    await cache.invalidate('somebody-else', ['things'], 'everywhere');
    expect(await read(keep)).toBe('first');
    await invalidate(['others']);
    expect([await read(keep), source.reads]).toEqual(['second', 2]);
  });

  it('reads again what was forgotten by its key, and nothing else', async () => {
    const other = { ...key, id: 'other' };
    await read();
    await cache.getOrSet(other, KEEP, source.read);
    change('second');
    await cache.forget(key);
    expect(await read()).toBe('second');
    expect((await cache.getOrSet(other, KEEP, source.read))?.text).toBe('first');
  });

  it.each<[string, () => Promise<void>]>([
    ['its tag was invalidated', () => invalidate()],
    ['it was forgotten', () => cache.forget(key)],
  ])('keeps nothing that was being read when %s', async (_what, overtake) => {
    const { began, open } = source.hold();
    const early = read();
    await began;
    change('second');
    await overtake();
    open();
    expect(await early).toBe('first'); // They asked before.
    expect([await read(), await read(), source.reads]).toEqual(['second', 'second', 2]);
  });

  it('lets those who ask after an invalidation read by themselves, and keeps what they read, whoever ends first', async () => {
    const { began, open } = source.hold();
    const early = read();
    await began;
    change('second');
    await invalidate();
    source.flow();
    expect(await read()).toBe('second');
    open();
    expect(await early).toBe('first');
    expect(await read()).toBe('second');
  });

  it('remembers for a moment that there is none, and is told when there is', async () => {
    change(undefined);
    const keep = { ...KEEP, absentMs: 60_000 };
    expect([await read(keep), await read(keep), source.reads]).toEqual([undefined, undefined, 1]);
    change('born');
    await invalidate();
    expect(await read(keep)).toBe('born');

    change(undefined);
    await invalidate();
    await read({ ...KEEP, absentMs: 20 });
    change('born again');
    expect(
      await eventually(
        () => read({ ...KEEP, absentMs: 20 }),
        (text) => text !== undefined,
        5_000,
      ),
    ).toBe('born again');
  });

  it('serves what is past its time while one reads anew', async () => {
    const keep = { ...KEEP, ttlMs: 20, staleMs: 60_000 };
    await read(keep);
    change('second');
    const { began, open } = source.hold();
    let renewing = read(keep);
    while (!(await Promise.race([began.then(() => true), renewing.then(() => false)]))) renewing = read(keep);
    expect(new Set(await herd(keep))).toEqual(new Set(['first']));
    expect(source.reads).toBe(2);
    open();
    expect(await renewing).toBe('second');
    expect(cache.counts.of('things').stale).toBe(64);
  });

  it('serves what is past its time when it cannot be read, and not for ever', async () => {
    const keep = { ...KEEP, ttlMs: 20, staleMs: 60_000 };
    await read(keep);
    source.failing = true;
    const failed = () => cache.counts.of('things').errors;
    await eventually(
      async () => [await read(keep), failed()] as const,
      ([, errors]) => errors > 0,
      5_000,
    );
    expect(await read(keep)).toBe('first');
    await invalidate();
    await expect(read(keep)).rejects.toThrow('no answer'); // What is known to be untrue is not served.

    source.failing = false;
    await read({ ...KEEP, ttlMs: 20, staleMs: 20 });
    source.failing = true;
    const asked = async () =>
      read({ ...KEEP, ttlMs: 20, staleMs: 20 }).then(
        () => 'served',
        () => 'failed',
      );
    expect(await eventually(asked, (end) => end === 'failed', 5_000)).toBe('failed');
  });

  it('serves nothing past its time that was invalidated while it could not be read', async () => {
    const keep = { ...KEEP, ttlMs: 20, staleMs: 60_000 };
    await read(keep);
    const { began, open } = source.hold();
    let renewing = read(keep);
    while (!(await Promise.race([began.then(() => true), renewing.then(() => false)]))) renewing = read(keep);
    await invalidate();
    source.failing = true;
    open();
    await expect(renewing).rejects.toThrow('no answer');
  });

  it('tells all who wait of a failure, keeps none, and asks again for the next', async () => {
    source.failing = true;
    const { open } = source.hold();
    const waiting = Array.from({ length: 3 }, () => read());
    open();
    expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    source.failing = false;
    expect(await read()).toBe('first');
    expect(source.reads).toBe(2);
  });

  it('counts what became of the questions, by namespace', async () => {
    await read();
    await herd();
    await invalidate();
    await read();
    await cache.getOrSet({ ...key, namespace: 'others' }, KEEP, source.read);
    expect(cache.counts.of('things')).toEqual({ hits: 64, misses: 2, stale: 0, loads: 2, errors: 0 });
    expect(cache.counts.of('others')).toEqual({ hits: 0, misses: 1, stale: 0, loads: 1, errors: 0 });
  });
});
