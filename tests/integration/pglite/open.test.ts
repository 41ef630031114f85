import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataDirInUse, lockDataDir } from '#adapters/pglite/data-dir-lock.ts';
import { DataDirVersion, openMemoryPglite, openPglite } from '#adapters/pglite/open.ts';
import { createPgliteOrm } from '#adapters/pglite/orm.ts';
import { isOutage } from '#adapters/postgres/outage.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const QUICK = { beatMs: 50, patienceMs: 400 };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'thali-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('opening the embedded database', () => {
  it('keeps what was written, records its version and gives the directory free', { timeout: 60_000 }, async () => {
    const home = join(dir, 'deep', 'data');
    const first = await openPglite(home);
    await first.client.exec('create table t (n int); insert into t values (1)');
    await expect(openPglite(home)).rejects.toThrow(DataDirInUse);
    await first.close();

    expect(JSON.parse(await readFile(join(home, 'pglite.json'), 'utf8'))).toEqual({ pglite: expect.stringMatching(/^\d+\.\d+\.\d+$/), postgres: 18 });
    expect((await readdir(home)).sort()).toEqual(['pg', 'pglite.json']);
    const second = await openPglite(home);
    const { rows } = await second.client.query(`select n, current_setting('server_version_num')::int / 10000 as major from t`);
    expect(rows).toEqual([{ n: 1, major: 18 }]);
    await second.close();
  });

  it('starts over when its first start was interrupted', { timeout: 60_000 }, async () => {
    await mkdir(join(dir, 'pg.new', 'base'), { recursive: true });
    await writeFile(join(dir, 'pg.new', 'PG_VERSION'), '18\n');
    const opened = await openPglite(dir);
    expect((await opened.client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await opened.close();
    expect(existsSync(join(dir, 'pg.new'))).toBe(false);
  });

  it('refuses the files of another major version and leaves them alone', async () => {
    await mkdir(join(dir, 'pg'));
    await writeFile(join(dir, 'pg', 'PG_VERSION'), '17\n');
    await writeFile(join(dir, 'pglite.json'), JSON.stringify({ pglite: '0.4.9', postgres: 17 }));
    const refused = openPglite(dir);
    await expect(refused).rejects.toThrow(DataDirVersion);
    await expect(refused).rejects.toThrow(/PostgreSQL 17 database, written by PGlite 0\.4\.9/);
    expect((await readdir(dir)).sort()).toEqual(['pg', 'pglite.json']);
    expect(await readdir(join(dir, 'pg'))).toEqual(['PG_VERSION']);
  });

  it('finishes what it let in, and refuses what comes after', { timeout: 60_000 }, async () => {
    const pglite = await openMemoryPglite();
    const orm = createPgliteOrm(pglite, [], { count: 0 });
    const slow = orm.em.fork().transactional(async (em) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return sqlOf(em)('select 1 as done');
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closing = pglite.close();
    expect(await sqlOf(orm.em.fork())('select 1').catch(isOutage)).toBe(true);
    await expect(slow).resolves.toEqual([{ done: 1 }]);
    await closing;
    expect(
      await orm.em
        .fork()
        .transactional(async () => false)
        .catch(isOutage),
    ).toBe(true);
    await expect(pglite.close()).resolves.toBeUndefined();
    await orm.close();
  });
});

describe('the lock of a data directory', () => {
  const lockFile = () => join(dir, 'lock');
  const rewrite = async (change: object): Promise<void> => {
    await writeFile(lockFile(), JSON.stringify({ ...(JSON.parse(await readFile(lockFile(), 'utf8')) as object), ...change }));
  };
  const heldBy = async (change: object): Promise<void> => {
    const lock = await lockDataDir(dir, SILENT);
    const text = await readFile(lockFile(), 'utf8');
    await lock.release();
    await writeFile(lockFile(), text);
    await rewrite({ token: 'another', ...change });
  };
  const running = async <T>(work: (pid: number) => Promise<T>): Promise<T> => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    try {
      return await work(child.pid as number);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };
  const startOf = async (pid: number): Promise<string | undefined> =>
    (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') ')).split(') ')[1]?.split(' ')[19];

  it('refuses a second holder, naming the first and what to do', async () => {
    const lock = await lockDataDir(dir, SILENT);
    const refused = lockDataDir(dir, SILENT);
    await expect(refused).rejects.toThrow(new RegExp(`in use by process ${process.pid} .*Stop that process`));
    await expect(refused).rejects.toMatchObject({ name: 'DataDirInUse', pid: process.pid });
    await lock.release();
    await (await lockDataDir(dir, SILENT)).release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('refuses while another process lives', () =>
    running(async (pid) => {
      await heldBy({ pid, startedAt: (await startOf(pid)) ?? null });
      await expect(lockDataDir(dir, SILENT)).rejects.toMatchObject({ pid });
    }));

  it.runIf(process.platform === 'linux')('is taken over when the process id belongs to a later process', () =>
    running(async (pid) => {
      await heldBy({ pid, startedAt: '1' });
      await (await lockDataDir(dir, SILENT)).release();
    }),
  );

  it('is taken over from a dead process', async () => {
    await heldBy({ pid: await running(async (pid) => pid) });
    await (await lockDataDir(dir, SILENT)).release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('is taken over when it is empty or cut off', async () => {
    for (const text of ['', '{"token":"x","pi']) {
      await writeFile(lockFile(), text);
      await (await lockDataDir(dir, SILENT)).release();
    }
  });

  it('goes to one of many who find the same stale lock', { timeout: 60_000 }, async () => {
    const dead = await running(async (pid) => pid);
    for (let round = 0; round < 30; round++) {
      await heldBy({ pid: dead });
      const tries = await Promise.allSettled(
        Array.from({ length: 12 }, async (_, i) => {
          for (let turn = 0; turn < i; turn++) await stat(dir); // So that they come one behind the other.
          return lockDataDir(dir, SILENT);
        }),
      );
      const won = tries.filter((one) => one.status === 'fulfilled');
      expect(won).toHaveLength(1);
      expect(tries.filter((one) => one.status === 'rejected' && one.reason instanceof DataDirInUse)).toHaveLength(11);
      await won[0]?.value.release();
    }
  });

  it('of another place is respected while it is touched, and taken over when it is not', { timeout: 20_000 }, async () => {
    const elsewhere = await lockDataDir(dir, SILENT, QUICK);
    const text = await readFile(lockFile(), 'utf8');
    await rewrite({ place: 'another container' });
    await expect(lockDataDir(dir, SILENT, QUICK)).rejects.toThrow(DataDirInUse);
    await elsewhere.release();
    await writeFile(lockFile(), text);
    await rewrite({ place: 'another container', token: 'gone' });
    await (await lockDataDir(dir, SILENT, QUICK)).release();
  });

  it('complains once when it was taken away', async () => {
    const complaints: string[] = [];
    const lock = await lockDataDir(dir, { ...SILENT, error: (message) => complaints.push(message) }, QUICK);
    await rewrite({ token: 'stolen' });
    await new Promise((resolve) => setTimeout(resolve, 400));
    await lock.release();
    expect(complaints).toEqual([expect.stringContaining('lost the lock')]);
    expect(existsSync(lockFile())).toBe(true);
  });
});
