import { ContainerModule } from 'inversify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { Platform } from '#composition/modules/platform.ts';
import { HAS_REDIS, RedisServer } from '../../support/redis.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld } from '../../support/world.ts';

const FORGETS = 'Redis forgets limits and ended sessions when its memory is full: set its maxmemory-policy to noeviction';
const full = (policy: string): readonly string[] => ['--maxmemory', '64mb', '--maxmemory-policy', policy];
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server with such options, a world that is joined by it, and what the connection warned of. */
async function joinedBy(...options: readonly string[]) {
  const server = await RedisServer.start(...options);
  closing.push(() => server.kill('SIGKILL'));
  const warnings: unknown[] = [];
  const log = { info: () => undefined, warn: (message: string, facts?: object) => void warnings.push([message, facts]), error: () => undefined };
  const connection = new RedisConnection({ url: server.url, prefix: 'thali', patienceMs: 10_000 }, log);
  await connection.open();
  const clock = new VirtualClock(Date.now());
  const world = await startWorld(
    'memory',
    clock.override(),
    new ContainerModule(({ bind }) => void bind(Platform.redis).toConstantValue(connection)),
  );
  closing.push(() => connection.close(), world.close.bind(world));
  const health = async () => {
    clock.advance(2_000); // Longer than it is trusted.
    const { status, body } = await world.get('/health');
    expect(status).toBe(200);
    return body.checks.redis;
  };
  return { server, connection, warnings, health };
}

describe.runIf(HAS_REDIS).each(['allkeys-lru', 'volatile-ttl'])('a Redis that forgets by %s', (policy) => {
  it('is warned of once, with what to do, and in the health until that is done', async () => {
    const { server, connection, warnings, health } = await joinedBy(...full(policy));
    expect(warnings).toEqual([[FORGETS, { policy }]]);
    expect(await health()).toEqual({ status: 'warn', detail: `it forgets when it is full (${policy}): set its maxmemory-policy to noeviction` });

    await server.kill('SIGKILL');
    expect(await health()).toEqual({ status: 'warn', detail: 'it does not answer; this process does without it' });
    await server.up();
    await vi.waitFor(() => expect(connection.stats.isAway).toBe(false), { timeout: 10_000 });
    expect(await health()).toMatchObject({ status: 'warn', detail: expect.stringContaining(policy) });
    expect(warnings.filter((warning) => JSON.stringify(warning).includes(policy))).toHaveLength(1);

    await connection.run((redis) => redis.config('SET', 'maxmemory-policy', 'noeviction'));
    expect(await health()).toEqual({ status: 'pass' });
  });

  it('is seen where CONFIG is forbidden', async () => {
    const { connection, warnings, health } = await joinedBy(...full(policy), '--rename-command', 'CONFIG', '');
    await expect(connection.run((redis) => redis.config('GET', 'maxmemory'))).rejects.toThrow();
    expect(warnings).toEqual([[FORGETS, { policy }]]);
    expect(await health()).toMatchObject({ status: 'warn' });
  });
});

describe.runIf(HAS_REDIS).each<[string, readonly string[]]>([
  ['has room for ever', ['--maxmemory-policy', 'allkeys-lru']],
  ['refuses to write when it is full', full('noeviction')],
  ['does not say', [...full('allkeys-lru'), '--user', 'default', 'on', 'nopass', '~*', '&*', '+@all', '-info']],
])('a Redis that %s', (_what, options) => {
  it('is nothing to warn of', async () => {
    const { connection, warnings, health } = await joinedBy(...options);
    expect([await health(), warnings, connection.stats.isAway]).toEqual([{ status: 'pass' }, [], false]);
  });
});
