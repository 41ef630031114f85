import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryJobs } from '#adapters/memory/jobs.ts';

const complaints: unknown[] = [];
const jobs = new MemoryJobs({ info: () => undefined, warn: () => undefined, error: (_, facts) => void complaints.push(facts?.['job']) });

beforeEach(() => vi.useFakeTimers());
afterEach(async () => {
  await jobs.stop();
  vi.useRealTimers();
  complaints.length = 0;
});

it('runs every job each minute, one after the other, whatever becomes of the others', async () => {
  const told: string[] = [];
  const failing = { name: 'failing', cron: '* * * * *', run: () => Promise.reject(new Error('no luck')) };
  const throwing = {
    name: 'throwing',
    cron: '* * * * *',
    run(): Promise<number> {
      throw new Error('no luck either');
    },
  };
  const working = { name: 'working', cron: '* * * * *', run: async () => told.push('working') };
  await jobs.start([failing, throwing, working]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(told).toEqual(['working', 'working']);
  expect(complaints).toEqual(['failing', 'throwing', 'failing', 'throwing']);
});

it('runs a job at once when asked, never twice at a time, and knows which it has', async () => {
  let [active, most, runs] = [0, 0, 0];
  const run = async (): Promise<number> => {
    most = Math.max(most, ++active);
    await new Promise((resolve) => setTimeout(resolve, 100));
    active -= 1;
    return ++runs;
  };
  await jobs.start([{ name: 'slow', cron: '* * * * *', run }]);
  expect([await jobs.runNow('slow'), await jobs.runNow('slow'), await jobs.runNow('other')]).toEqual([true, true, false]);
  await vi.advanceTimersByTimeAsync(250);
  expect({ most, runs }).toEqual({ most: 1, runs: 2 });
  await jobs.stop();
  expect(await jobs.runNow('slow')).toBe(false);
});
