import { expect, it } from 'vitest';
import { MemoryStore } from '#adapters/memory/store.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { transactInMemory } from '#adapters/memory/unit-of-work.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { uuidv7 } from '#adapters/system/ids.ts';
import { together } from '#application/shared/together.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';

it('takes locks that were asked for at once one after the other, so that two transactions never wait for each other', async () => {
  const platform = { store: new MemoryStore(), clock: { now: () => 1 }, ids: uuidv7(), committed: new CommitSignal() };
  const run = (work: (tx: MemoryTx) => Promise<unknown>) => transactInMemory(platform, system('test'), async (tx) => ok(await work(tx)));
  const free = await platform.store.acquire('stock/1');
  // Both under the same key: the first waits for stock 1 before it comes to stock 2, which the second wants alone.
  const first = run((tx) => together(tx.lock('key', ['k']), tx.lock('stock', ['1', '2'])));
  const second = run((tx) => together(tx.lock('key', ['k']), tx.lock('stock', ['2'])));
  await new Promise((resolve) => setTimeout(resolve, 20));
  free();
  const began = performance.now();
  await Promise.all([first, second]);
  expect(performance.now() - began).toBeLessThan(1_000);
});
