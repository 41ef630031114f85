import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ordering } from '#composition/modules/ordering.ts';
import { Platform } from '#composition/modules/platform.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const actor = system('test');

describe.each(PROFILES)('request keys on %s', (profile) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(profile);
  });
  afterAll(() => world.close());

  const claim = (scope: string, key: string, fingerprint: string, outcome: string, commit = true) =>
    world.container.get(Ordering.uow).run(actor, async (tx) => {
      const answer = await tx.requests.claim({ scope, key, fingerprint, outcome });
      return commit ? ok(answer) : err(answer);
    });
  const find = (scope: string, key: string) => world.container.get(Platform.requests).find(scope, key);

  it('claims a key once, and says what came of it afterwards', async () => {
    expect(await claim('a', 'k1', 'f1', 'o1')).toEqual(ok('claimed'));
    expect(await claim('a', 'k1', 'f2', 'o2')).toEqual(ok({ fingerprint: 'f1', outcome: 'o1' }));
    expect(await find('a', 'k1')).toEqual({ fingerprint: 'f1', outcome: 'o1' });
    expect(await find('a', 'other')).toBeUndefined();
  });

  it("keeps two callers' keys apart", async () => {
    expect(await claim('b', 'k1', 'f', 'o')).toEqual(ok('claimed'));
    expect(await claim('b k', '1', 'f', 'o')).toEqual(ok('claimed'));
    expect(await claim('b', 'k 1', 'f', 'o')).toEqual(ok('claimed'));
  });

  it('gives a key back when its effect was refused', async () => {
    await claim('c', 'k1', 'f', 'o', false);
    expect(await claim('c', 'k1', 'f', 'o')).toEqual(ok('claimed'));
  });

  it('lets exactly one of many at once have a key', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => claim('d', 'k1', 'f', `o${i}`)));
    expect(answers.filter((answer) => answer.ok && answer.value === 'claimed')).toHaveLength(1);
  });

  it('tells the second of two at once what came of the first, even if it must refuse then', async () => {
    const run = (outcome: string, then: () => Promise<void>, commit: boolean) =>
      world.container.get(Ordering.uow).run(actor, async (tx) => {
        const answer = await tx.requests.claim({ scope: 'e', key: 'k1', fingerprint: 'f', outcome });
        await then();
        return commit || answer !== 'claimed' ? ok(answer) : err(answer); // As an order does that finds the stock gone.
      });
    const second = Promise.withResolvers<Awaited<ReturnType<typeof run>>>();
    const first = await run(
      'o1',
      async () => {
        second.resolve(run('o2', async () => undefined, false));
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
      true,
    );
    expect(first).toEqual(ok('claimed'));
    expect([ok('running'), ok({ fingerprint: 'f', outcome: 'o1' })]).toContainEqual(await second.promise);
  });
});
