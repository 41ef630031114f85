import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CommitRelay } from '#adapters/redis/commit-relay.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import { invalidateOn } from '#adapters/shared/platform/invalidation.ts';
import type { TieredCache } from '#adapters/shared/platform/tiered-cache.ts';
import { cacheOn, KEEP, keyOf, Source } from '../../support/cache.ts';
import { freshRedis, HAS_REDIS, RedisServer } from '../../support/redis.ts';

const SOON_MS = 5_000;
const PATIENCE_MS = 40;
/** What a call may cost more than with Redis there: on a machine that is busy with other things both are slower. */
const SLOWER_MS = 50;

type Node = { readonly cache: TieredCache; readonly committed: CommitSignal; readonly connection: RedisConnection };
const read = async ({ cache }: Node, source: Source, keep = KEEP, key = keyOf('a')) => (await cache.getOrSet(key, keep, source.read))?.text;

describe.runIf(HAS_REDIS)('caches of several processes over one Redis', () => {
  const servers: RedisServer[] = [];
  const connections: RedisConnection[] = [];
  afterEach(async () => {
    for (const connection of connections.splice(0)) await connection.close();
    for (const server of servers.splice(0)) {
      await server.kill('SIGCONT');
      await server.kill('SIGKILL');
    }
  });
  const serve = async () => {
    const server = await RedisServer.start();
    servers.push(server);
    return server;
  };
  const node = async ({ url }: RedisServer, patienceMs = 10_000): Promise<Node> => {
    const connection = await freshRedis({ url, prefix: 'one', patienceMs });
    connections.push(connection);
    return { connection, committed: new CommitSignal(), cache: cacheOn(connection) };
  };
  const nodes = async (server: RedisServer) => [await node(server), await node(server)] as const;
  /** Until what was read is written, which nobody waits for. */
  const shared = (connection: RedisConnection) =>
    eventually(
      () => connection.run((redis) => redis.exists(connection.key('v1', '{r1}', 'things', 'a'))),
      (found) => found === 1,
      SOON_MS,
    );

  it('read once for all of them, and write where an operator finds it', async () => {
    const [a, b] = await nodes(await serve());
    const source = new Source();
    const { began, open } = source.hold();
    const asked = [read(a, source), read(b, source), read(a, source), read(b, source)];
    await began;
    open();
    expect(await Promise.all(asked)).toEqual(['first', 'first', 'first', 'first']);
    expect(source.reads).toBe(1);
    const keys = await a.connection.run((redis) => redis.keys('*'));
    expect(keys.toSorted()).toEqual(['one:v1:{r1}:tag:things', 'one:v1:{r1}:things:a']);
  });

  it('go on when the one that is to read has died', async () => {
    const [a, b] = await nodes(await serve());
    const dying = new Source();
    const { began } = dying.hold();
    void read(a, dying).catch(() => undefined);
    await began;
    expect(await read(b, new Source())).toBe('first');
  });

  it.each<[string, (one: Node) => Promise<void>]>([
    ['a tag was invalidated', ({ cache }) => cache.invalidate('r1', ['things'], 'everywhere')],
    ['it was forgotten', ({ cache }) => cache.forget(keyOf('a'))],
  ])('keep nothing anywhere that one was reading when %s at another', async (_what, overtake) => {
    const server = await serve();
    const [a, b] = await nodes(server);
    const source = new Source();
    const { began, open } = source.hold();
    const early = read(a, source);
    await began;
    source.value = 'second';
    await overtake(b);
    source.flow();
    open();
    expect(await early).toBe('first');
    expect(await read(b, source)).toBe('second');
    expect(
      await eventually(
        () => read(a, source),
        (text) => text === 'second',
        SOON_MS,
      ),
    ).toBe('second');
    expect(await read(await node(server), source)).toBe('second');
  });

  it('see what one of them changed: that one at once, the others within a second without being told, at once when they are', async () => {
    const [a, b] = await nodes(await serve());
    const source = new Source();
    for (const one of [a, b]) {
      new CommitRelay(one.connection, one.committed).start();
      invalidateOn(one.committed, one.cache, 'everywhere', ({ restaurantId }) => ({ tenant: restaurantId as string, tags: ['things'] }));
    }
    expect([await read(a, source), await read(b, source)]).toEqual(['first', 'first']);
    await shared(a.connection);

    source.value = 'second';
    await a.cache.invalidate('r1', ['things'], 'everywhere'); // Nobody tells b.
    expect(await read(a, source)).toBe('second');
    expect(
      await eventually(
        () => read(b, source),
        (text) => text === 'second',
        SOON_MS,
      ),
    ).toBe('second');

    let heard = 0;
    b.committed.listen(() => {
      heard += 1;
    });
    const tell = async () => {
      a.committed.emit([{ type: 'thing.changed', stream: 'thing:1', restaurantId: 'r1' }]);
      return heard;
    };
    source.value = 'third';
    await eventually(tell, (times) => times > 0, SOON_MS);
    expect([await read(b, source), await read(a, source)]).toEqual(['third', 'third']);
  });

  it('believe nothing that was changed while the one that changed it could not tell', async () => {
    const server = await serve();
    const a = await node(server, PATIENCE_MS);
    const b = await node(server);
    const source = new Source();
    await read(a, source);
    await shared(a.connection);
    await server.kill('SIGSTOP');
    await a.cache.forget(keyOf('something')); // It finds out; what it would tell from now on is not even sent.
    expect(a.connection.stats.isAway).toBe(true);
    source.value = 'second';
    await a.cache.invalidate('r1', ['things'], 'everywhere');
    expect(await read(a, source)).toBe('second');
    await server.kill('SIGCONT');
    await eventually(
      async () => a.connection.stats.isAway,
      (isAway) => !isAway,
      SOON_MS,
    );
    await a.cache.getOrSet(keyOf('another'), KEEP, source.read); // Whatever it asks next, it tells first.
    expect(await read(b, source)).toBe('second');
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)('go on with their own copies when Redis meets %s, and nothing waits for it', async (signal) => {
    const server = await serve();
    const one = await node(server, PATIENCE_MS);
    const source = new Source();
    const slowest = { before: 0, after: 0 };
    let when: keyof typeof slowest = 'before';
    let isRunning = true;
    let answers = 0;
    const stream = Array.from({ length: 8 }, async (_, i) => {
      for (let j = 0; isRunning; j++) {
        const began = performance.now();
        const text = await read(one, source, KEEP, keyOf(`${i}-${j % 50}`));
        slowest[when] = Math.max(slowest[when], performance.now() - began);
        expect(text).toBe('first');
        answers += 1;
        await pause(1);
      }
    });
    await eventually(
      async () => answers,
      (count) => count > 500,
      SOON_MS,
    );
    when = 'after';
    await server.kill(signal);
    await eventually(
      async () => one.connection.stats.isAway,
      (isAway) => isAway,
      SOON_MS,
    );
    const [before, reads] = [answers, source.reads];
    await eventually(
      async () => answers,
      (count) => count > before + 1_000,
      SOON_MS,
    );
    isRunning = false;
    await Promise.all(stream);
    expect(slowest.after).toBeLessThan(slowest.before + SLOWER_MS);
    expect(source.reads - reads).toBeLessThan((answers - before) / 2); // Its own copies still save reading, for a second each.

    if (signal === 'SIGKILL') await server.up();
    else await server.kill('SIGCONT');
    await eventually(
      async () => one.connection.stats.isAway,
      (isAway) => !isAway,
      SOON_MS,
    );
    await read(one, source);
    expect(await shared(one.connection)).toBe(1);
  });
});
