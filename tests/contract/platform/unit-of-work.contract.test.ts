import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupedUnitOfWork } from '#adapters/postgres/grouped-unit-of-work.ts';
import { postgresRestaurants } from '#adapters/postgres/partners/restaurants.ts';
import { postgresStaff } from '#adapters/postgres/partners/staff.ts';
import type { PostgresPlatform } from '#adapters/postgres/unit-of-work.ts';
import type { PartnersTx } from '#application/partners/ports.ts';
import { type UnitOfWork, WriteConflict } from '#application/shared/unit-of-work.ts';
import { Partners } from '#composition/modules/partners.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { PROFILES, SQL_PROFILES } from '../../support/profiles.ts';
import { restaurantSettings } from '../../support/restaurants.ts';
import { startWorld, type World } from '../../support/world.ts';

type Tx = Pick<PartnersTx, 'restaurants' | 'staff'>;
const actor = system('test');

/** In a transaction of its own, or in one that is shared with whatever comes at the same time: it must not matter. */
const KINDS = [...PROFILES.map((profile) => [profile, 'its own'] as const), ...SQL_PROFILES.map((profile) => [profile, 'shared'] as const)];

describe.each(KINDS)('a transaction on %s, %s', (profile, kind) => {
  let world: World;
  let uow: UnitOfWork<Tx>;
  beforeAll(async () => {
    world = await startWorld(profile);
    uow = kind === 'shared' ? shared(world.container.get(Platform.postgres)) : world.container.get(Partners.uow);
  });
  afterAll(() => world.close());

  const shared = (platform: PostgresPlatform): UnitOfWork<Tx> =>
    groupedUnitOfWork(platform, (tx) => ({ restaurants: postgresRestaurants(tx), staff: postgresStaff(tx) }));
  const draft = (name = 'Annapurna') => {
    const opened = Restaurant.open(world.container.get(Platform.ids).next(), restaurantSettings({ name }), 1_700_000_000_000);
    if (!opened.ok) throw new Error('fixture');
    return opened.value;
  };
  const find = (id: string) => uow.run(actor, async (tx) => ok(await tx.restaurants.find(id)));
  const found = async (tx: Tx, id: string): Promise<Restaurant> => {
    const restaurant = await tx.restaurants.find(id);
    if (!restaurant) throw new Error('fixture');
    return restaurant;
  };
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

  it('saves an aggregate twice in one transaction, and can go on with it', async () => {
    const { id } = await saved();
    const rename = (times: number) =>
      uow.run(actor, async (tx) => {
        for (let i = 0; i < times; i++) {
          const changed = Restaurant.change(await found(tx, id), { name: `Twice ${times} ${i}` }, undefined, 1);
          if (!changed.ok) return changed;
          await tx.restaurants.save(changed.value);
        }
        return ok(undefined);
      });
    expect(await rename(2)).toEqual(ok(undefined));
    expect(await rename(1)).toEqual(ok(undefined));
    expect(await find(id)).toMatchObject({ value: { version: 4, name: 'Twice 1 0' } });
  });

  it('saves a change of two events, and can go on with it', async () => {
    const { id } = await saved();
    const rename = (repeated: number) =>
      uow.run(actor, async (tx) => {
        const changed = Restaurant.change(await found(tx, id), { name: `Events ${repeated}` }, undefined, 1);
        if (!changed.ok) return changed;
        const { state, events } = changed.value;
        return ok(await tx.restaurants.save({ state, events: Array.from({ length: repeated }, () => events).flat() }));
      });
    expect((await rename(2)).ok).toBe(true);
    expect((await rename(1)).ok).toBe(true);
    expect(await find(id)).toMatchObject({ value: { version: 4, name: 'Events 1' } });
  });

  it('refuses the second of two saves that does not follow the first', async () => {
    const state = await saved();
    const stale = uow.run(actor, async (tx) => {
      for (const name of ['First', 'Second']) {
        const changed = Restaurant.change({ ...state, version: 1 }, { name }, undefined, 1);
        if (!changed.ok) return changed;
        await tx.restaurants.save(changed.value);
      }
      return ok(undefined);
    });
    await expect(stale).rejects.toBeInstanceOf(WriteConflict);
    expect(await find(state.id)).toEqual(ok({ ...state, version: 1 }));
  });
});
