import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupedUnitOfWork } from '#adapters/postgres/grouped-unit-of-work.ts';
import { postgresInventory } from '#adapters/postgres/inventory/inventory-tx.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { InventoryTx } from '#application/inventory/ports.ts';
import { Platform } from '#composition/modules/platform.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { type Kitchen, openKitchen } from '../support/kitchen.ts';
import { TEST_DATABASE_URL } from '../support/server-databases.ts';
import { startWorld, type World } from '../support/world.ts';

/** What only a server shows: several connections, and one that dies. */
describe.runIf(TEST_DATABASE_URL !== undefined).each(['postgres'] as const)('groups on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world, { rice: 100, lentils: 100 });
  });
  afterAll(() => world.close());

  const grouped = <Tx>(scope: (tx: PostgresTx) => Tx) => groupedUnitOfWork(world.container.get(Platform.postgres), scope);
  const sql = () => world.container.get(Platform.sql)();

  it('of two processes do not wait for each other in a circle, whatever the order of their members', async () => {
    const platform = world.container.get(Platform.postgres);
    const items = [kitchen.stock.rice, kitchen.stock.lentils];
    let runs = 0;
    const process = (order: readonly string[]) => {
      const uow = grouped<InventoryTx>((tx) => postgresInventory(tx, platform));
      return Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          uow.run(system('test'), async (tx) => {
            runs += 1;
            const [balance] = await tx.balances.lock(kitchen.restaurantId, [order[i % 2] as string]);
            return ok(balance?.stockItemId);
          }),
        ),
      );
    };
    const locked = await Promise.all([process(items), process(items.toReversed()), process(items), process(items.toReversed())]);
    for (const [i, answers] of locked.entries()) {
      expect(answers).toEqual(Array.from({ length: 60 }, (_, n) => ({ ok: true, value: items[(n + i) % 2] })));
    }
    expect(runs).toBe(240); // Nobody was thrown out for a deadlock, and had to try again.
  });

  it('are told of a connection that dies at the COMMIT, and run nothing twice', async () => {
    await sql()(
      `create function platform.die() returns trigger language plpgsql as 'begin perform pg_terminate_backend(pg_backend_pid()); return null; end'`,
    );
    await sql()(`create constraint trigger dies after insert on platform.events deferrable initially deferred
      for each row when (new.stream = 'deadly:1') execute function platform.die()`);
    const uow = grouped((tx) => tx);
    const runs = [0, 0, 0];
    const results = await Promise.allSettled(
      runs.map((_, i) =>
        uow.run(system('test'), async ({ append }) => {
          runs[i] = (runs[i] as number) + 1;
          append({ stream: `deadly:${i}`, version: 0, restaurantId: null }, [{ type: 'test.happened' }]);
          return ok(i);
        }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(runs).toEqual([1, 1, 1]);
    expect(await sql()(`select 1 from platform.events where stream like 'deadly:%'`)).toEqual([]);
    expect(await uow.run(system('test'), async () => ok('alive'))).toEqual(ok('alive'));
  });

  it('and single works give back every connection that died, or the pool would run dry', async () => {
    const dying = async ({ sql: within }: PostgresTx) => ok(await within('select pg_terminate_backend(pg_backend_pid())'));
    const single = postgresUnitOfWork(world.container.get(Platform.postgres), (tx) => tx);
    for (let i = 0; i < 20; i++) await expect(single.run(system('test'), dying)).rejects.toThrow(); // Of sixteen connections.
    expect(await single.run(system('test'), async () => ok('alive'))).toEqual(ok('alive'));
  });
});
