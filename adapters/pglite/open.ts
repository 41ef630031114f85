import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import type { Log } from '#application/shared/ports.ts';
import { GuardedPglite, PGLITE_OPTIONS, type PgliteClient } from './client.ts';
import { lockDataDir } from './data-dir-lock.ts';

/** The PostgreSQL inside the installed PGlite. Its files cannot be read by another major version. */
const POSTGRES_MAJOR = 18;

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** An open embedded database. `client` is what the ORM, the jobs and the maintenance work with. */
export type Pglite = {
  readonly client: PgliteClient;
  /** Finishes what is under way, writes a checkpoint, closes the files and gives the directory free. */
  close(): Promise<void>;
};

/** The files were written by another major version of PostgreSQL. */
export class DataDirVersion extends Error {
  override readonly name = 'DataDirVersion';

  constructor(dataDir: string, found: number, writtenBy: string) {
    super(
      `${dataDir} holds a PostgreSQL ${found} database, written by ${writtenBy}; this version of Thali brings PostgreSQL ${POSTGRES_MAJOR}. ` +
        'Dump it with the version of Thali that wrote it, and restore the dump into an empty directory.',
    );
  }
}

/**
 * Opens the database in `<dataDir>/pg`, making it when there is none, and holds the directory against other processes.
 * What it has acknowledged survives the death of the process, but not a loss of power: PGlite never calls fsync.
 */
export async function openPglite(dataDir: string, log: Log = SILENT): Promise<Pglite> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockDataDir(dataDir, log);
  try {
    await refuseOtherMajor(dataDir);
    if (!(await exists(join(dataDir, 'pg')))) await make(dataDir);
    const pglite = await PGlite.create({ ...PGLITE_OPTIONS, dataDir: join(dataDir, 'pg') });
    await writeFile(join(dataDir, 'pglite.json'), `${JSON.stringify({ pglite: pgliteVersion(), postgres: POSTGRES_MAJOR })}\n`);
    log.warn('using the embedded database: it survives a crash of this process, but a loss of power may cost the last writes', { dataDir });
    const client = new GuardedPglite(pglite);
    return { client, close: () => client.close().finally(() => lock.release()) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A database that is forgotten when it is closed: a new one, or one that begins with the files another was dumped to. */
export async function openMemoryPglite(files?: Blob): Promise<Pglite> {
  const client = new GuardedPglite(await PGlite.create({ ...PGLITE_OPTIONS, ...(files && { loadDataDir: files }) }));
  return { client, close: () => client.close() };
}

/** Makes the database under another name first, so that one whose making was interrupted is never taken for a whole one. */
async function make(dataDir: string): Promise<void> {
  const fresh = join(dataDir, 'pg.new');
  await rm(fresh, { recursive: true, force: true });
  const pglite = await PGlite.create({ ...PGLITE_OPTIONS, dataDir: fresh });
  await pglite.close();
  await rename(fresh, join(dataDir, 'pg'));
}

async function refuseOtherMajor(dataDir: string): Promise<void> {
  const major = Number(await readFile(join(dataDir, 'pg', 'PG_VERSION'), 'utf8').catch(() => POSTGRES_MAJOR));
  if (major === POSTGRES_MAJOR) return;
  const record = await readFile(join(dataDir, 'pglite.json'), 'utf8').catch(() => undefined);
  throw new DataDirVersion(
    dataDir,
    major,
    record === undefined ? 'an unknown version of PGlite' : `PGlite ${(JSON.parse(record) as { pglite: string }).pglite}`,
  );
}

function pgliteVersion(): string {
  const main = fileURLToPath(import.meta.resolve('@electric-sql/pglite'));
  return (JSON.parse(readFileSync(join(dirname(main), '..', 'package.json'), 'utf8')) as { version: string }).version;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
