import { afterEach, describe, expect, it } from 'vitest';
import { PostgresEventLog } from '#adapters/postgres/events/event-log.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { transact } from '#adapters/postgres/unit-of-work.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import type { Subscription } from '#application/shared/events.ts';
import { createContainer } from '#composition/container.ts';
import { Platform } from '#composition/modules/platform.ts';
import { system } from '#domain/shared/actor.ts';
import { freshDatabase, SILENT, testConfig } from '../../support/profiles.ts';
import { TEST_DATABASE_URL } from '../../support/server-databases.ts';

const POOL = 16;

// In memory nothing waits for a connection, and the embedded database has one: an urgent subscription waits there for one transaction.
describe.runIf(TEST_DATABASE_URL !== undefined).each(['postgres'] as const)('an urgent subscription on %s', (profile) => {
  const closings: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  const scene = async (isUrgent: boolean) => {
    const database = await freshDatabase(profile);
    closings.push(() => database.close());
    const container = createContainer({ config: testConfig, secret: 'a-secret-that-only-the-tests-know-000', log: SILENT, store: database.store });
    const platform = container.get(Platform.postgres);
    let [stuck, urgent] = [0, 0];
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const slow = Array.from(
      { length: POOL + 4 },
      (_, n): Subscription<PostgresTx> => ({
        name: `slow-${n}`,
        types: ['test.happened'],
        async on(tx) {
          await tx.sql('select 1'); // It holds a connection.
          stuck += 1;
          await ended;
        },
      }),
    );
    const quick: Subscription<PostgresTx> = {
      name: 'zz-quick',
      types: ['test.happened'],
      isUrgent,
      async on() {
        urgent += 1;
      },
    };
    const log = new PostgresEventLog(platform, [...slow, quick], SILENT);
    await transact(platform, system('test'), async (tx) =>
      tx.append({ stream: 'thing:1', version: 0, restaurantId: null }, [{ type: 'test.happened' }]),
    );
    await log.start();
    closings.push(() => log.stop());
    closings.push(async () => end());
    await eventually(
      async () => stuck,
      (count) => count >= POOL / 2,
      20_000,
    );
    return { stuck: () => stuck, urgent: () => urgent, end };
  };

  it('is never held up by others, however slow and many they are, and they hold half of the connections', async () => {
    const { stuck, urgent, end } = await scene(true);
    expect(
      await eventually(
        async () => urgent(),
        (count) => count > 0,
        20_000,
      ),
    ).toBe(1);
    expect(stuck()).toBe(POOL / 2);
    end();
  });

  it('is the only one that is not held up', async () => {
    const { stuck, urgent, end } = await scene(false);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([stuck(), urgent()]).toEqual([POOL / 2, 0]);
    end();
    expect(
      await eventually(
        async () => urgent(),
        (count) => count > 0,
        20_000,
      ),
    ).toBe(1);
  });
});
