import { statfs } from 'node:fs/promises';
import type { Container } from 'inversify';
import type { Check, Health } from '#application/platform/health.ts';
import type { Config } from './config.ts';
import { Platform } from './modules/platform.ts';

const TRUST_MS = 1_000;
const WAIT_MS = 1_000;
/** A subscription that is so far behind does not only have much to do. */
const LAG_MAX_SECONDS = 60;

export type Lifecycle = { isStopping: boolean };
type Found = Omit<Check, 'name'>;

/** Asks everything that this process depends on, at most once a second, and never for longer than that. */
export function createHealth(container: Container, lifecycle: Lifecycle, version: string): Health {
  const clock = container.get(Platform.clock);
  const config = container.get(Platform.config);
  const others = container.getAll(Platform.checks, { optional: true });
  const ask = async (): Promise<readonly Check[]> => {
    const asked = await Promise.all([
      check('database', () => database(container)),
      check('eventLog', () => eventLog(container)),
      check('disk', () => disk(config)),
      redis(container),
      ...others.map((other) => other()),
    ]);
    return [...asked.flatMap((found) => found ?? []), memory(config), jobs(container)];
  };
  let held: { readonly at: number; readonly answer: Promise<readonly Check[]> } | undefined;
  return {
    startedAt: clock.now(),
    version,
    isAccepting: () => !lifecycle.isStopping,
    checks() {
      if (!held || clock.now() - held.at > TRUST_MS) held = { at: clock.now(), answer: ask() };
      return held.answer;
    },
  };
}

async function database(container: Container): Promise<Found> {
  if (!container.isBound(Platform.sql)) return { status: 'pass' };
  const began = performance.now();
  await container.get(Platform.sql)()('select 1');
  return { status: 'pass', observed: { value: Math.round((performance.now() - began) * 10) / 10, unit: 'ms' } };
}

async function eventLog(container: Container): Promise<Found> {
  const lags = await container.get(Platform.eventLog).lag();
  const parked = lags.reduce((sum, lag) => sum + lag.parked, 0);
  const seconds = Math.max(0, ...lags.map(({ lagSeconds }) => lagSeconds));
  const observed = { value: Math.round(seconds), unit: 's' };
  return { status: seconds > LAG_MAX_SECONDS ? 'warn' : 'pass', detail: `${parked} parked events`, observed };
}

/** Where the embedded database is, a full disk is the end; elsewhere nothing but the secret is kept there. */
async function disk({ dataDir, database: { kind }, health: { diskFreeMinBytes } }: Config): Promise<Found | undefined> {
  const found = await statfs(dataDir).catch(() => undefined);
  if (!found) return undefined;
  const free = found.bavail * found.bsize;
  const observed = { value: free, unit: 'bytes' };
  if (free >= diskFreeMinBytes) return { status: 'pass', observed };
  return { status: kind === 'pglite' && free < diskFreeMinBytes / 10 ? 'fail' : 'warn', detail: 'little is free where the data is', observed };
}

function memory({ health: { memoryMaxBytes } }: Config): Check {
  const value = process.memoryUsage.rss();
  const observed = { value, unit: 'bytes' };
  return value > memoryMaxBytes
    ? { name: 'memory', status: 'warn', detail: 'it takes more than it should', observed }
    : { name: 'memory', status: 'pass', observed };
}

function jobs(container: Container): Check {
  const failing = container.get(Platform.jobRuns).failing();
  const observed = { value: failing.length, unit: 'failing jobs' };
  return failing.length > 0
    ? { name: 'jobs', status: 'warn', detail: `failed last time: ${failing.join(', ')}`, observed }
    : { name: 'jobs', status: 'pass', observed };
}

/** Without Redis a process goes on alone, so its absence keeps nobody away. */
async function redis(container: Container): Promise<Check | undefined> {
  if (!container.isBound(Platform.redis)) return undefined;
  const connection = container.get(Platform.redis);
  const found = await check('redis', async () => {
    const policy = await connection.evictionPolicy();
    return policy === undefined
      ? { status: 'pass' }
      : { status: 'warn', detail: `it forgets when it is full (${policy}): set its maxmemory-policy to noeviction` };
  });
  return found?.status === 'fail' ? { ...found, status: 'warn', detail: 'it does not answer; this process does without it' } : found;
}

async function check(name: string, ask: () => Promise<Found | undefined>): Promise<Check | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within a second')), WAIT_MS);
  });
  try {
    const found = await Promise.race([ask(), late]);
    return found && { name, ...found };
  } catch {
    return { name, status: 'fail', detail: 'it does not answer' };
  } finally {
    clearTimeout(timer);
  }
}
