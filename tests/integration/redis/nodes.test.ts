import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CommitRelay } from '#adapters/redis/commit-relay.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisSessionStandings } from '#adapters/redis/identity/session-standings.ts';
import { CommitSignal, type Committed } from '#adapters/shared/committed.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import type { AccountActor } from '#application/identity/ports.ts';
import type { Permission } from '#domain/shared/actor.ts';
import { freshRedis, HAS_REDIS, nowhere, RedisServer } from '../../support/redis.ts';

const SOON_MS = 1_000;
const REVOKED: Committed = [{ type: 'identity.session_revoked', stream: 'session:s1', restaurantId: null }];

/** One process of an installation, as far as Redis concerns it. */
function node(connection: RedisConnection) {
  const committed = new CommitSignal();
  const heard: Committed[] = [];
  const relay = new CommitRelay(connection, committed);
  relay.start();
  committed.listen((events) => committed.isRelayed && heard.push(events));
  const standings = new RedisSessionStandings(connection, committed, Date.now);
  return { committed, heard, relay, standings };
}

it('two nodes without their Redis are two processes, and take no harm', async () => {
  const url = await nowhere();
  const [a, b] = [await freshRedis({ url }), await freshRedis({ url })];
  const [first, second] = [node(a), node(b)];
  first.committed.emit(REVOKED);
  await pause(50);
  expect(second.heard).toEqual([]);
  expect(await second.standings.get('s1', async () => undefined)).toBeUndefined();
  await a.close();
  await b.close();
});

describe.runIf(HAS_REDIS)('two nodes on one Redis', () => {
  const servers: RedisServer[] = [];
  const connections: RedisConnection[] = [];
  afterEach(async () => {
    for (const connection of connections.splice(0)) await connection.close();
    for (const server of servers.splice(0)) await server.kill('SIGKILL');
  });
  const open = async () => {
    const server = await RedisServer.start();
    servers.push(server);
    const [a, b] = [await freshRedis({ url: server.url, prefix: 'one' }), await freshRedis({ url: server.url, prefix: 'one' })];
    connections.push(a, b);
    const [first, second] = [node(a), node(b)];
    const speak = async () => {
      first.committed.emit([{ type: 'ordering.order_placed', stream: 'order:1', restaurantId: 'r' }]);
      return second.heard.length;
    };
    await eventually(speak, (heard) => heard > 0, 5_000); // Until the second has subscribed.
    const revocations = () => second.heard.filter(([event]) => event?.type === 'identity.session_revoked');
    return { server, first, second, revocations, deaf: new RedisSessionStandings(b, new CommitSignal(), Date.now) };
  };

  it('hear of each other’s commits at once, and never of their own again', async () => {
    const { first, revocations } = await open();
    first.committed.emit(REVOKED);
    expect(
      await eventually(
        async () => revocations(),
        (heard) => heard.length > 0,
        SOON_MS,
      ),
    ).toEqual([REVOKED]);
    await pause(50);
    expect([first.heard, revocations().length]).toEqual([[], 1]);
  });

  it('hear again after the server came back', async () => {
    const { server, first, revocations } = await open();
    await server.kill('SIGKILL');
    await pause(100);
    await server.up();
    const speak = async () => {
      first.committed.emit(REVOKED);
      return revocations().length;
    };
    expect(await eventually(speak, (heard) => heard > 0, 5_000)).toBeGreaterThan(0);
  });

  it('refuse a revoked session everywhere, whether or not they heard of it', async () => {
    const { first, deaf } = await open();
    let isAlive = true;
    let asked = 0;
    const load = async (sessionId: string): Promise<AccountActor | undefined> => {
      asked += 1;
      return isAlive ? { kind: 'account', accountId: 'a', sessionId, permissions: [], grants: [] } : undefined;
    };
    for (let i = 0; i < 5; i++) expect(await deaf.get('s1', load)).toBeDefined();
    expect(asked).toBe(1);
    isAlive = false;
    first.committed.emit(REVOKED);
    expect(
      await eventually(
        () => deaf.get('s1', load),
        (standing) => standing === undefined,
        SOON_MS,
      ),
    ).toBeUndefined();
    expect(asked).toBe(2);

    isAlive = true;
    first.committed.emit([{ type: 'partners.staff_removed', stream: 'staff:r:a', restaurantId: 'r' }]);
    expect(
      await eventually(
        () => deaf.get('s1', load),
        (standing) => standing !== undefined,
        SOON_MS,
      ),
    ).toBeDefined();
  });

  it.each(['partners.role_changed', 'partners.role_removed', 'identity.platform_role_taken'])('know of %s everywhere, at once', async (type) => {
    const { first, deaf } = await open();
    let permissions: readonly Permission[] = ['orders:read', 'payments:refund'];
    const load = async (sessionId: string): Promise<AccountActor> => ({ kind: 'account', accountId: 'a', sessionId, permissions, grants: [] });
    expect((await deaf.get('s1', load))?.permissions).toHaveLength(2);
    permissions = ['orders:read'];
    expect((await deaf.get('s1', load))?.permissions).toHaveLength(2); // It is what it held.
    first.committed.emit([{ type, stream: 'role:x', restaurantId: 'r' }]);
    const seen = await eventually(
      () => deaf.get('s1', load),
      (standing) => standing?.permissions.length === 1,
      SOON_MS,
    );
    expect(seen?.permissions).toEqual(['orders:read']);
  });
});
