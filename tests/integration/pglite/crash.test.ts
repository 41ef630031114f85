import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { openPglite } from '#adapters/pglite/open.ts';

const ROUNDS = 5;

/** Lets the committer acknowledge some rows, then kills it in mid-write; answers the highest id it acknowledged. */
async function killedWhileWriting(dataDir: string, from: number, rows: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'committer.ts'), dataDir, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let last = from - 1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last - from >= rows) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return last;
}

it('keeps every acknowledged row through kill -9', { timeout: 180_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'thali-crash-'));
  try {
    let from = 1;
    for (let round = 0; round < ROUNDS; round++) {
      const last = await killedWhileWriting(dataDir, from, 50 + 137 * round);
      const pglite = await openPglite(dataDir);
      const { rows } = await pglite.client.query<{ n: string; high: string; whole: string }>(
        `select count(*) as n, max(id) as high, count(*) filter (where filler = repeat('y', 500)) as whole from rows`,
      );
      const [found] = rows.map(({ n, high, whole }) => ({ n: Number(n), high: Number(high), whole: Number(whole) }));
      await pglite.close();
      // Ids have no gap, so as many rows as the highest id means that each is there; one more may be committed but untold.
      expect(found?.high).toBeGreaterThanOrEqual(last);
      expect(found).toEqual({ n: found?.high, high: found?.high, whole: found?.high });
      from = (found?.high ?? 0) + 1;
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
