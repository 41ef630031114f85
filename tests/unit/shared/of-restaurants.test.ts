import { beforeEach, describe, expect, it } from 'vitest';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { ofRestaurants } from '#adapters/shared/platform/of-restaurants.ts';
import { TieredCache } from '#adapters/shared/platform/tiered-cache.ts';

const TRUST_MS = 1_000;
const ENTRIES_MAX = 3;

describe('values of restaurants', () => {
  let now: number;
  let stored: Map<string, { revision: number; value: string }>;
  let asked: { revisions: number; loads: number };
  /** What a load waits for, once it has read. */
  let gate: Promise<void>;
  let failing: 'revision' | 'load' | undefined;
  let committed: CommitSignal;
  let values: ReturnType<typeof ofRestaurants<string>>;

  beforeEach(() => {
    now = 10_000;
    stored = new Map([['a', { revision: 1, value: 'first' }]]);
    asked = { revisions: 0, loads: 0 };
    gate = Promise.resolve();
    failing = undefined;
    committed = new CommitSignal();
    const cache = new TieredCache({ now: () => now, random: () => 0.5, isAlone: true, entriesMax: ENTRIES_MAX, bytesMax: 1_000_000 });
    values = ofRestaurants<string>(
      {
        async revision(id) {
          asked.revisions += 1;
          if (failing === 'revision') throw new Error('no answer');
          return stored.get(id)?.revision;
        },
        async load(id) {
          asked.loads += 1;
          if (failing === 'load') throw new Error('no answer');
          const value = stored.get(id)?.value;
          await gate;
          return value;
        },
      },
      {
        isOutdatedBy: (type) => type === 'menu.changed',
        namespace: 'menus',
        ttlMs: 3_600_000,
      },
      cache,
      committed,
    );
  });

  const write = (revision: number, value: string) => stored.set('a', { revision, value });
  const tell = (type: string, restaurantId: string | null = 'a') => committed.emit([{ type, stream: 'x', restaurantId }]);
  const herd = () => Promise.all(Array.from({ length: 64 }, () => values.find('a')));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  function closed(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  }

  it('asks nothing while it trusts what it has, then the revision, and loads only what has changed', async () => {
    expect(await values.find('a')).toBe('first');
    now += TRUST_MS - 1;
    expect(await values.find('a')).toBe('first');
    expect(asked).toEqual({ revisions: 1, loads: 1 });
    now += 1;
    expect(await values.find('a')).toBe('first');
    expect(asked).toEqual({ revisions: 2, loads: 1 });
    write(2, 'second');
    now += TRUST_MS;
    expect(await values.find('a')).toBe('second');
    expect(asked).toEqual({ revisions: 3, loads: 2 });
  });

  it('reads once for a herd: when there is nothing, when trust has ended, when the value has changed', async () => {
    expect(new Set(await herd())).toEqual(new Set(['first']));
    expect(asked).toEqual({ revisions: 1, loads: 1 });
    now += TRUST_MS;
    expect(new Set(await herd())).toEqual(new Set(['first']));
    expect(asked).toEqual({ revisions: 2, loads: 1 });
    write(2, 'second');
    now += TRUST_MS;
    expect(new Set(await herd())).toEqual(new Set(['second']));
    expect(asked).toEqual({ revisions: 3, loads: 2 });
  });

  it('trusts from when it asked, not from when it was answered', async () => {
    const open = closed();
    const slow = values.find('a');
    await settled();
    now += TRUST_MS;
    open();
    expect(await slow).toBe('first');
    await values.find('a');
    expect(asked.revisions).toBe(2);
  });

  it('does not trust longer because the clock was set back', async () => {
    await values.find('a');
    write(2, 'second');
    now -= 3_600_000;
    expect(await values.find('a')).toBe('second');
  });

  it('drops at a commit that concerns it, at once, and at no other', async () => {
    await values.find('a');
    write(2, 'second');
    for (const [type, restaurantId] of [
      ['menu.read', 'a'],
      ['menu.changed', 'b'],
      ['menu.changed', null],
    ] as const)
      tell(type, restaurantId);
    expect(await values.find('a')).toBe('first');
    tell('menu.changed');
    expect(await values.find('a')).toBe('second');
    write(3, 'third');
    values.forget('a');
    expect(await values.find('a')).toBe('third');
  });

  it('keeps nothing that was being read when it was dropped, whoever ends first', async () => {
    const open = closed();
    const early = values.find('a');
    await settled();
    expect(asked.loads).toBe(1);
    write(2, 'second');
    tell('menu.changed');
    gate = Promise.resolve();
    expect(await values.find('a')).toBe('second');
    open();
    expect(await early).toBe('first');
    expect(await values.find('a')).toBe('second');
    expect(asked.loads).toBe(2);
  });

  it('keeps nothing that was being read when it was dropped, though nobody asked in between', async () => {
    const open = closed();
    const early = values.find('a');
    await settled();
    write(2, 'second');
    tell('menu.changed');
    open();
    expect(await early).toBe('first');
    expect(await values.find('a')).toBe('second');
  });

  it('lets those who ask after a drop join each other, and not those who asked before', async () => {
    const open = closed();
    const early = values.find('a');
    await settled();
    write(2, 'second');
    values.forget('a');
    const late = herd();
    open();
    expect(await early).toBe('first');
    expect(new Set(await late)).toEqual(new Set(['second']));
    expect(asked).toEqual({ revisions: 2, loads: 2 });
  });

  it('goes on reading for those who asked after a drop when what was read before it arrives', async () => {
    const openEarly = closed();
    const early = values.find('a');
    await settled();
    write(2, 'second');
    values.forget('a');
    const openLate = closed();
    const late = values.find('a');
    await settled();
    openEarly();
    await early;
    const joined = values.find('a');
    openLate();
    expect([await late, await joined, await values.find('a')]).toEqual(['second', 'second', 'second']);
    expect(asked).toEqual({ revisions: 2, loads: 2 });
  });

  it('forgets what was not used for longest', async () => {
    for (const id of ['b', 'c', 'd']) stored.set(id, { revision: 1, value: id });
    for (const id of ['a', 'b', 'c', 'a', 'd']) await values.find(id);
    expect(asked.loads).toBe(4);
    for (const id of ['a', 'c', 'd']) await values.find(id);
    expect(asked.loads).toBe(4);
    await values.find('b');
    expect(asked.loads).toBe(5);
  });

  it.each(['revision', 'load'] as const)('tells all who wait of a %s that fails, and asks again for the next', async (part) => {
    failing = part;
    const answers = await Promise.allSettled(Array.from({ length: 3 }, () => values.find('a')));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(asked.revisions).toBe(1);
    failing = undefined;
    expect(await values.find('a')).toBe('first');
  });

  it('has nothing of a restaurant there is not, or is no more', async () => {
    expect(await values.find('nowhere')).toBeUndefined();
    expect(asked.loads).toBe(0);
    await values.find('a');
    stored.delete('a');
    now += TRUST_MS;
    expect(await values.find('a')).toBeUndefined();
    write(1, 'another');
    expect([await values.find('a'), asked.revisions]).toEqual([undefined, 3]); // That there is none is remembered for a second, too,
    tell('menu.changed'); // or until it is told.
    expect(await values.find('a')).toBe('another');
  });
});
