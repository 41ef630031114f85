import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PgliteMaintenance } from '#adapters/pglite/maintenance.ts';
import { openPglite, type Pglite } from '#adapters/pglite/open.ts';

const errors: unknown[] = [];
const LOG = { info: () => undefined, warn: () => undefined, error: (_: string, facts?: object) => void errors.push(facts) };
const MiB = 1024 * 1024;

let dir: string;
let pglite: Pglite;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'thali-care-'));
  pglite = await openPglite(dir);
  await pglite.client.exec('create table t (id int primary key, v text); create table big (v text)');
}, 60_000);
afterAll(async () => {
  await pglite?.close();
  await rm(dir, { recursive: true, force: true });
});

const segments = async () => (await readdir(join(dir, 'pg', 'pg_wal'))).filter((name) => /^[0-9A-F]{24}$/.test(name)).length;
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 200 && !(await holds()); i++) await new Promise((resolve) => setTimeout(resolve, 50));
};
const stats = async (table: string) =>
  (
    await pglite.client.query<{ dead: string; vacuums: string }>(
      'select n_dead_tup as dead, vacuum_count as vacuums from pg_stat_user_tables where relname = $1',
      [table],
    )
  ).rows[0];

it('keeps the write-ahead log short under load, which PGlite alone does not', { timeout: 120_000 }, async () => {
  const write = async (): Promise<number> => {
    let most = 0;
    for (let i = 0; i < 24; i++) {
      await pglite.client.exec(`insert into big select repeat(md5(random()::text), 40) from generate_series(1, 6000)`);
      await new Promise((resolve) => setTimeout(resolve, 30));
      most = Math.max(most, await segments());
    }
    await pglite.client.exec('truncate big');
    return most;
  };
  const alone = await write();
  await pglite.client.exec('checkpoint');
  const maintenance = new PgliteMaintenance(pglite, LOG, { lookMs: 20 });
  maintenance.start();
  const cared = await write();
  await maintenance.stop();
  expect(alone * 16 * MiB).toBeGreaterThan(150 * MiB);
  expect(cared * 16 * MiB).toBeLessThanOrEqual(112 * MiB);
});

it('writes a checkpoint after a while, and none when nothing was written', { timeout: 60_000 }, async () => {
  const checkpoint = async () => (await pglite.client.query<{ at: string }>('select redo_lsn::text as at from pg_control_checkpoint()')).rows[0]?.at;
  const maintenance = new PgliteMaintenance(pglite, LOG, { lookMs: 20, checkpointMs: 100, vacuumMs: 3_600_000 });
  await pglite.client.exec('insert into t values (-1)');
  const before = await checkpoint();
  maintenance.start();
  await until(async () => (await checkpoint()) !== before);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const settled = await checkpoint();
  expect(settled).not.toBe(before);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await checkpoint()).toBe(settled);
  await maintenance.stop();
});

it('vacuums what died, and leaves the rest alone', { timeout: 60_000 }, async () => {
  await pglite.client.exec(`insert into t select g, repeat('x', 100) from generate_series(1, 20000) g`);
  await pglite.client.exec(`update t set v = v || 'y'`);
  await pglite.client.exec('create table small (id int); insert into small values (1); update small set id = 2');
  await pglite.client.exec('select pg_stat_force_next_flush()');
  expect(Number((await stats('t'))?.dead)).toBeGreaterThan(19_000);
  const maintenance = new PgliteMaintenance(pglite, LOG, { lookMs: 20, vacuumMs: 50 });
  maintenance.start();
  await until(async () => Number((await stats('t'))?.dead) === 0);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await maintenance.stop();
  expect(await stats('t')).toEqual({ dead: '0', vacuums: '1' });
  expect((await stats('small'))?.vacuums).toBe('0');
  expect(errors).toEqual([]);
});
