import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Groups } from '#adapters/shared/groups.ts';

const OPTIONS = { max: 4, gatherMs: 10, patienceMs: 50 };
const TAKES_MS = 20;

describe('groups', () => {
  let served: number[][];
  /** Ends the group that has been served for the longest. */
  let ends: (() => void)[];
  let groups: Groups<number>;
  beforeEach(() => {
    vi.useFakeTimers();
    served = [];
    ends = [];
    groups = new Groups<number>({
      ...OPTIONS,
      serve(group) {
        served.push([...group]);
        return new Promise((resolve) => ends.push(resolve));
      },
    });
  });
  afterEach(() => vi.useRealTimers());

  const add = (...items: number[]) => {
    for (const item of items) groups.add(item);
  };
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const end = async (afterMs = TAKES_MS) => {
    await pass(afterMs);
    ends.shift()?.();
    await pass(0);
  };

  it('serve those of one turn at once, and those who come meanwhile together', async () => {
    add(1);
    await pass(0);
    expect(served).toEqual([[1]]);
    add(2, 3);
    await pass(OPTIONS.gatherMs);
    expect(served).toEqual([[1]]);
    await end();
    await pass(OPTIONS.gatherMs);
    expect(served).toEqual([[1], [2, 3]]);
  });

  it('are never larger than they may be, and leave nobody out', async () => {
    add(1, 2, 3, 4, 5, 6, 7, 8, 9);
    await pass(0);
    await end();
    expect(served).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8], // Full: nothing to wait for.
    ]);
    await end();
    await pass(OPTIONS.gatherMs);
    expect(served.at(-1)).toEqual([9]);
  });

  it('wait for those who were just served, until they are there', async () => {
    add(1);
    await pass(0);
    add(2, 3);
    await end();
    await pass(OPTIONS.gatherMs / 2);
    expect(served).toEqual([[1]]);
    add(1);
    await pass(0);
    expect(served).toEqual([[1], [2, 3, 1]]);
  });

  it('do not wait for longer for who does not come back, and not at all for the next', async () => {
    add(1);
    await pass(0);
    add(2);
    await end();
    await pass(OPTIONS.gatherMs);
    expect(served).toEqual([[1], [2]]);
    await end();
    add(3);
    await pass(0);
    expect(served).toEqual([[1], [2], [3]]);
  });

  it('do not wait for longer than the group before took', async () => {
    add(1);
    await pass(0);
    add(2);
    await end(3);
    await pass(2);
    expect(served).toEqual([[1]]);
    await pass(2);
    expect(served).toEqual([[1], [2]]);
  });

  it('leave behind a group that takes too long', async () => {
    add(1);
    await pass(0);
    add(2);
    await pass(OPTIONS.patienceMs - 1);
    expect(served).toEqual([[1]]);
    await pass(OPTIONS.gatherMs + 2); // 1 may come back, too.
    expect(served).toEqual([[1], [2]]);
  });
});
