import { expect, it } from 'vitest';
import { Gate } from '#adapters/shared/gate.ts';
import { type Part, startInOrder } from '#composition/parts.ts';

const told: string[] = [];
const part = (name: string, fails: { start?: true; stop?: true } = {}): Part => ({
  start() {
    told.push(`+${name}`);
    if (fails.start) throw new Error(`${name} does not start`);
  },
  async stop() {
    told.push(`-${name}`);
    if (fails.stop) throw new Error(`${name} does not stop`);
  },
});

it('starts parts in their order and stops them in the opposite one, once', async () => {
  told.length = 0;
  const stop = await startInOrder([part('a'), part('b'), part('c')]);
  await stop();
  await stop();
  expect(told).toEqual(['+a', '+b', '+c', '-c', '-b', '-a']);
});

it('stops what has started when one does not start', async () => {
  told.length = 0;
  await expect(startInOrder([part('a'), part('b', { start: true }), part('c')])).rejects.toThrow('b does not start');
  expect(told).toEqual(['+a', '+b', '-b', '-a']);
});

it('stops all the others when one does not stop cleanly, and says so', async () => {
  told.length = 0;
  const stop = await startInOrder([part('a'), part('b', { stop: true }), part('c')]);
  await expect(stop()).rejects.toThrow('b does not stop');
  expect(told).toEqual(['+a', '+b', '+c', '-c', '-b', '-a']);
});

it('lets so many through a gate at once, in the order they came, whatever becomes of them', async () => {
  const gate = new Gate(2);
  const ends: (() => void)[] = [];
  const order: number[] = [];
  let [inside, most] = [0, 0];
  const all = [1, 2, 3, 4, 5].map((n) =>
    gate.through(async () => {
      order.push(n);
      most = Math.max(most, ++inside);
      await new Promise<void>((resolve) => ends.push(resolve));
      inside -= 1;
      if (n === 2) throw new Error('no luck');
    }),
  );
  const settled = Promise.allSettled(all);
  for (let i = 0; i < 5; i++) {
    while (ends.length <= i) await new Promise((resolve) => setImmediate(resolve));
    ends[i]?.();
  }
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect({ order, most }).toEqual({ order: [1, 2, 3, 4, 5], most: 2 });
});
