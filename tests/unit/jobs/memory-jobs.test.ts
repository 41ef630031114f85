import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryJobs } from '#adapters/memory/platform/jobs.ts';
import { MemoryStore } from '#adapters/memory/store.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { uuidv7 } from '#adapters/system/ids.ts';

const complaints: unknown[] = [];
const log = {
  info: () => undefined,
  warn: () => undefined,
  error: (_: string, facts?: Readonly<Record<string, unknown>>) => void complaints.push(facts?.['job']),
};
let jobs: MemoryJobs;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 10, 0, 30) });
  jobs = new MemoryJobs(
    { store: new MemoryStore(), clock: { now: () => Date.now() }, ids: uuidv7(() => Date.now()), committed: new CommitSignal() },
    log,
  );
});
afterEach(async () => {
  const stopped = jobs.stop();
  await vi.advanceTimersByTimeAsync(20_000);
  await stopped;
  vi.useRealTimers();
  complaints.length = 0;
});

it('runs every job when its time has come, in its time zone, whatever becomes of the others', async () => {
  const told: string[] = [];
  const failing = { name: 'failing', cron: '* * * * *', run: () => Promise.reject(new Error('no luck')) };
  const throwing = {
    name: 'throwing',
    cron: '* * * * *',
    run(): Promise<number> {
      throw new Error('no luck either');
    },
  };
  const telling = (name: string) => async () => told.push(name);
  const working = { name: 'working', cron: '* * * * *', run: telling('working') };
  const inKolkata = { name: 'half past three', cron: '32 15 * * *', timeZone: 'Asia/Kolkata', run: telling('half past three') };
  const inLondon = { name: 'elsewhere', cron: '32 15 * * *', timeZone: 'Europe/London', run: telling('elsewhere') };
  await jobs.start([failing, throwing, working, inKolkata, inLondon]);
  await vi.advanceTimersByTimeAsync(92_000);
  expect(told.toSorted()).toEqual(['half past three', 'working', 'working']);
  expect([...new Set(complaints)].toSorted()).toEqual(['failing', 'throwing']);
});

it('runs a job at once when asked, never twice at a time, and knows which it has', async () => {
  let [active, most, runs] = [0, 0, 0];
  const run = async (): Promise<number> => {
    most = Math.max(most, ++active);
    await new Promise((resolve) => setTimeout(resolve, 100));
    active -= 1;
    return ++runs;
  };
  await jobs.start([{ name: 'slow', cron: '0 0 29 2 *', run }]);
  expect([await jobs.runNow('slow'), await jobs.runNow('other')]).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(50);
  expect(await jobs.runNow('slow')).toBe(true); // One waits while one runs;
  expect(await jobs.runNow('slow')).toBe(true); // and that is the one that is asked for.
  await vi.advanceTimersByTimeAsync(1_000);
  expect({ most, runs }).toEqual({ most: 1, runs: 2 });
  await jobs.stop();
  expect(await jobs.runNow('slow')).toBe(false);
});
