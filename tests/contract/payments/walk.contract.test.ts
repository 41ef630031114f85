import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SettlementDeps } from '#application/payments/settlement/ports.ts';
import { walk } from '#application/payments/settlement/walk.ts';
import { Settlement } from '#composition/modules/settlement.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const PAGES: Readonly<Record<string, { readonly data: readonly string[]; readonly next: string | null }>> = {
  first: { data: ['a', 'b'], next: 'second' },
  second: { data: ['c', 'd'], next: 'third' },
  third: { data: ['e'], next: null },
};

describe.each(PROFILES)("going through a provider's list on %s", (profile) => {
  let world: World;
  let deps: SettlementDeps;
  beforeAll(async () => {
    world = await startWorld(profile);
    deps = world.container.get(Settlement.deps);
  });
  afterAll(() => world.close());

  /** A list that some things cannot be taken from, and that breaks off where it is told to. */
  function list(id: string) {
    const state = { taken: [] as string[], asked: [] as string[], turned: 0, diesAt: '', failsAt: '', isSilent: false };
    const go = () =>
      walk<string>(deps, {
        id,
        async page(after) {
          const name = after ?? 'first';
          state.asked.push(name);
          if (state.isSilent) return { outcome: 'unknown', reason: 'no answer' };
          const value = PAGES[name];
          if (!value) throw new Error(`no page ${name}`);
          return { outcome: 'succeeded', value };
        },
        async take(thing) {
          if (thing === state.failsAt) throw new Error('it cannot be taken');
          state.taken.push(thing);
          return 'matched';
        },
        async turn() {
          state.turned += 1;
          if (state.asked.at(-1) === state.diesAt) throw new Error('the process is gone');
        },
      });
    return { state, go };
  }
  const kept = async (id: string) => (await deps.uow.run(system('test'), async (tx) => ok(await tx.walks.find(id)))).value;

  it('takes everything once, and is over', async () => {
    const { state, go } = list('walk:whole');
    expect(await go()).toEqual({ taken: 5, isDone: true });
    expect(state.taken.join('')).toBe('abcde');
    expect(await go()).toEqual({ taken: 0, isDone: true });
    expect(await kept('walk:whole')).toMatchObject({ isDone: true, counts: { matched: 5 } });
  });

  it('goes on, after it died, with the page that it died in', async () => {
    const { state, go } = list('walk:died');
    state.diesAt = 'second';
    await expect(go()).rejects.toThrow('the process is gone');
    expect(await kept('walk:died')).toMatchObject({ isDone: false, after: 'second', counts: { matched: 2 } });
    state.diesAt = '';
    state.asked.length = 0;
    expect(await go()).toEqual({ taken: 3, isDone: true });
    expect(state.asked).toEqual(['second', 'third']);
    expect(await kept('walk:died')).toMatchObject({ isDone: true, counts: { matched: 5 } });
  });

  it('waits where nobody answers, and goes on there', async () => {
    const { state, go } = list('walk:silent');
    state.isSilent = true;
    expect(await go()).toEqual({ taken: 0, isDone: false });
    state.isSilent = false;
    expect(await go()).toEqual({ taken: 5, isDone: true });
  });

  it('does not keep the others waiting for one that cannot be taken', async () => {
    const { state, go } = list('walk:bad');
    state.failsAt = 'c';
    expect(await go()).toEqual({ taken: 5, isDone: true });
    expect(state.taken.join('')).toBe('abde');
    expect(await kept('walk:bad')).toMatchObject({ counts: { matched: 4, failed: 1 } });
  });
});
