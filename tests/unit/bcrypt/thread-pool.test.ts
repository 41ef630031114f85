import { afterEach, expect, it } from 'vitest';
import { ThreadPool } from '#adapters/bcrypt/thread-pool.ts';
import type { Task } from '#adapters/bcrypt/worker.ts';

const pool = new ThreadPool({ threads: 1, waitingMax: 8, waitMaxMs: 10_000 });
const HASH: Task = { kind: 'hash', text: 'x', cost: 4 };
/** A thread that is given this dies of it. */
const POISON = { kind: 'hash', text: 'x', cost: 'none' } as unknown as Task;

afterEach(() => pool.close());

it('starts a thread again when it died, and blames only the task that killed it twice', async () => {
  const [poisoned, next] = await Promise.allSettled([pool.run(POISON), pool.run(HASH)]);
  expect(poisoned).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('died') } });
  expect(next).toMatchObject({ status: 'fulfilled', value: expect.stringMatching(/^\$2b\$04\$/) });
  await expect(pool.run(HASH)).resolves.toMatch(/^\$2b\$04\$/);
});
