import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartnersTx } from '#application/partners/ports.ts';
import { type UnitOfWork, WriteConflict } from '#application/shared/unit-of-work.ts';
import { Partners } from '#composition/modules/partners.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { PROFILES } from '../../support/profiles.ts';
import { restaurantSettings } from '../../support/restaurants.ts';
import { startWorld, type World } from '../../support/world.ts';

const actor = system('test');

describe.each(PROFILES)('a transaction on %s', (profile) => {
  let world: World;
  let uow: UnitOfWork<PartnersTx>;
  beforeAll(async () => {
    world = await startWorld(profile);
    uow = world.container.get(Partners.uow);
  });
  afterAll(() => world.close());

  const draft = (name = 'Annapurna') => {
    const opened = Restaurant.open(world.container.get(Platform.ids).next(), restaurantSettings({ name }), 1_700_000_000_000);
    if (!opened.ok) throw new Error('fixture');
    return opened.value;
  };
  const find = (id: string) => uow.run(actor, async (tx) => ok(await tx.restaurants.find(id)));
  const saved = async () => {
    const change = draft();
    await uow.run(actor, async (tx) => ok(await tx.restaurants.save(change)));
    return change.state;
  };

  it('reads back exactly what was saved, one version later', async () => {
    const state = await saved();
    expect(await find(state.id)).toEqual(ok({ ...state, version: 1 }));
  });

  it('forgets everything when the work is refused', async () => {
    const change = draft();
    const refused = await uow.run(actor, async (tx) => {
      await tx.restaurants.save(change);
      return err('no' as const);
    });
    expect(refused).toEqual(err('no'));
    expect(await find(change.state.id)).toEqual(ok(undefined));
  });

  it('forgets everything when the work throws', async () => {
    const change = draft();
    const thrown = uow.run(actor, async (tx) => {
      await tx.restaurants.save(change);
      throw new Error('bug');
    });
    await expect(thrown).rejects.toThrow('bug');
    expect(await find(change.state.id)).toEqual(ok(undefined));
  });

  it('sees its own writes, and nobody else does before the commit', async () => {
    const change = draft();
    const queries = world.container.get(Partners.queries);
    const seen = await uow.run(actor, async (tx) => {
      await tx.restaurants.save(change);
      // The embedded database has one connection: a query beside the transaction would wait for its end.
      const outside = profile === 'pglite' ? undefined : await queries.restaurant(change.state.id);
      return ok({ inside: (await tx.restaurants.find(change.state.id))?.name, outside });
    });
    expect(seen).toEqual(ok({ inside: 'Annapurna', outside: undefined }));
  });

  it('refuses a stale write, however often it is tried', async () => {
    const state = await saved();
    let tries = 0;
    const stale = uow.run(actor, async (tx) => {
      tries += 1;
      const changed = Restaurant.change({ ...state, version: 7 }, { name: 'Late' }, undefined, 1);
      return changed.ok ? ok(await tx.restaurants.save(changed.value)) : changed;
    });
    await expect(stale).rejects.toBeInstanceOf(WriteConflict);
    expect(tries).toBe(5);
    expect(await find(state.id)).toEqual(ok({ ...state, version: 1 }));
  });

  it('loses none of many changes made at once', async () => {
    const { id } = await saved();
    const change = (i: number) =>
      uow
        .run(actor, async (tx) => {
          const restaurant = await tx.restaurants.find(id);
          if (!restaurant) return err('gone' as const);
          const changed = Restaurant.change(restaurant, { name: `${restaurant.name}+${i}` }, undefined, 1);
          return changed.ok ? ok(await tx.restaurants.save(changed.value)) : changed;
        })
        .catch((error: unknown) => (error instanceof WriteConflict ? err('conflict' as const) : Promise.reject(error)));
    const results = await Promise.all(Array.from({ length: 12 }, (_, i) => change(i)));
    const won = results.filter(({ ok: isOk }) => isOk).length;
    const after = await find(id);
    expect(after.ok && after.value?.version).toBe(1 + won);
    expect(after.ok && after.value?.name.split('+')).toHaveLength(1 + won);
    expect(won).toBeGreaterThanOrEqual(1);
  });
});
