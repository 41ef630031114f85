import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Log } from '#application/shared/ports.ts';

const LOCK_FILE = 'lock';
const BEAT_MS = 2_000;
const PATIENCE_MS = 10_000;
const CLAIM_STALE_MS = 10_000;
const PAUSE_MS = 100;

/** Who holds a directory. `startedAt` tells a process from a later one with the same id; `place` says where its id means anything. */
type Owner = { readonly token: string; readonly pid: number; readonly startedAt: string | null; readonly host: string; readonly place: string };

type Patience = { readonly beatMs: number; readonly patienceMs: number };

/** Two processes on one data directory would destroy it, and PGlite itself does not notice. */
export class DataDirInUse extends Error {
  override readonly name = 'DataDirInUse';
  readonly pid: number;

  constructor(dataDir: string, { pid, host }: Owner) {
    super(
      `the data directory ${dataDir} is in use by process ${pid} on ${host}. Stop that process first or choose another directory; ` +
        'to run more than one process, use a PostgreSQL server.',
    );
    this.pid = pid;
  }
}

export type DataDirLock = { release(): Promise<void> };

/**
 * Holds a directory for this process until it is released or the process ends. A lock left behind by a process that is
 * gone is taken over. Where the owner's process id means nothing to us (another container or machine), the owner counts
 * as gone when it has not touched its lock for a while.
 */
export async function lockDataDir(
  dataDir: string,
  log: Log,
  { beatMs, patienceMs }: Patience = { beatMs: BEAT_MS, patienceMs: PATIENCE_MS },
): Promise<DataDirLock> {
  const path = join(dataDir, LOCK_FILE);
  const self = whoAmI();
  const mine = JSON.stringify(self);
  while (!(await create(path, mine))) {
    const held = await read(path);
    if (held === undefined) continue; // Released meanwhile.
    if (held !== 'unreadable' && (await isHeld(path, held, self, patienceMs))) throw new DataDirInUse(dataDir, held);
    if (await takeOver(path, held, mine)) {
      log.warn('took over the data directory of a process that ended without closing it', {
        dataDir,
        pid: held === 'unreadable' ? undefined : held.pid,
      });
      break;
    }
    await pause(PAUSE_MS);
  }
  const beat = setInterval(() => void touch(path, self, beat, log), beatMs);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      if (isOwner(await read(path), self)) await unlink(path);
    },
  };
}

/** Only one of those who saw the same stale lock may replace it, and only while it is still that one. */
async function takeOver(path: string, stale: Owner | 'unreadable', mine: string): Promise<boolean> {
  const claim = `${path}.${stale === 'unreadable' ? stale : stale.token}`;
  if (!(await create(claim, ''))) {
    const claimed = await stat(claim).catch(absent);
    if (claimed && Date.now() - claimed.mtimeMs > CLAIM_STALE_MS) await unlink(claim).catch(absent);
    return false;
  }
  try {
    const found = await read(path);
    const isSame = stale === 'unreadable' ? found === stale : isOwner(found, stale);
    if (isSame) await writeFile(path, mine);
    return isSame;
  } finally {
    await unlink(claim).catch(absent);
  }
}

async function touch(path: string, self: Owner, beat: NodeJS.Timeout, log: Log): Promise<void> {
  try {
    if (!isOwner(await read(path), self)) throw new Error(`${path} no longer names this process`);
    const now = new Date();
    await utimes(path, now, now);
  } catch (error) {
    clearInterval(beat);
    log.error('lost the lock of the data directory: stop this process before another one writes to the same files', { error });
  }
}

async function isHeld(path: string, held: Owner, self: Owner, patienceMs: number): Promise<boolean> {
  if (held.place === self.place) return isRunning(held);
  const touched = async () => (await stat(path).catch(absent))?.mtimeMs;
  const before = await touched();
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await pause(PAUSE_MS)) {
    if ((await touched()) !== before) return true;
  }
  return false;
}

function isRunning({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const start = startOf(pid);
  return start === null || startedAt === null || start === startedAt;
}

/** When a process began, in words that differ between two processes of one id; null where the system does not tell. */
function startOf(pid: number): string | null {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } })
        .toString()
        .trim();
    }
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? 'ended' : (fields[18] ?? null);
  } catch {
    return null;
  }
}

function whoAmI(): Owner {
  const system = (read: () => string): string => {
    try {
      return read().trim();
    } catch {
      return '';
    }
  };
  const boot = system(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = system(() => readlinkSync('/proc/self/ns/pid'));
  const { pid } = process;
  return { token: randomUUID(), pid, startedAt: startOf(pid), host: hostname(), place: `${hostname()} ${boot} ${namespace}` };
}

/** Creates a file that must not be there yet; false when it is. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The lock's owner; undefined when there is no lock. Whoever is just writing it is given a moment to finish. */
async function read(path: string): Promise<Owner | 'unreadable' | undefined> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const text = await readFile(path, 'utf8').catch(absent);
    if (text === undefined) return undefined;
    try {
      const owner = JSON.parse(text) as Owner;
      if (typeof owner.token === 'string' && Number.isSafeInteger(owner.pid)) return owner;
    } catch {
      // Half written, or cut off by a loss of power.
    }
    await pause(PAUSE_MS);
  }
  return 'unreadable';
}

const isOwner = (found: Owner | 'unreadable' | undefined, owner: Owner): boolean =>
  found !== undefined && found !== 'unreadable' && found.token === owner.token;

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
