import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE_INVARIANTS } from '#adapters/postgres/catalogue/invariants.ts';
import type { CatalogueTx } from '#application/catalogue/ports.ts';
import type { Menu as MenuOfOrdering } from '#application/ordering/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Catalogue } from '#composition/modules/catalogue.ts';
import { Category } from '#domain/catalogue/category.ts';
import { MenuItem } from '#domain/catalogue/menu-item.ts';
import { Money } from '#domain/shared/money.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { type CatalogueDatabase, type CatalogueProcess, openCatalogue, TESTER } from '../../support/catalogue.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';
const MORNING = [{ day: 6 as const, from: '07:00', to: '11:00' }];

describe.each(PROFILES)('the catalogue on %s', (profile) => {
  let database: CatalogueDatabase;
  let one: CatalogueProcess;
  let restaurantId: string;

  beforeAll(async () => {
    database = await openCatalogue(profile);
    one = database.process();
  });
  beforeEach(async () => {
    restaurantId = await one.restaurant();
    one.stock.portions = [];
  });
  afterAll(() => database?.close());

  const run = <R extends Result<unknown, unknown>>(work: (tx: CatalogueTx) => Promise<R>, process = one): Promise<R> =>
    process.container.get(Catalogue.uow).run(TESTER, work);

  it('keeps categories, items and groups as they were written, and their streams rebuild them', async () => {
    const category = must(await one.menu.addCategory({ restaurantId, category: { name: 'Breakfast', position: 7, hours: MORNING } }, TESTER));
    const group = await one.group(restaurantId, 'Bread', ['Roti', 'Naan'], 1, 2);
    const item = await one.item(restaurantId, category.id, 'Dosa', {
      description: 'Crisp\nand thin, "naturally" 100%',
      taxClass: 'food',
      diet: 'veg',
      tags: ['jain', 'spicy'],
      allergens: ['mustard'],
      hours: [],
      groupIds: [group.id],
    });
    const changed = must(
      await one.menu.changeItem(
        { restaurantId, itemId: item.id, changes: { price: Money.of(0), hours: null, diet: null }, expectedVersion: 1 },
        TESTER,
      ),
    ).item;
    must(await one.menu.setItemAvailability({ restaurantId, itemId: item.id, state: 'out_of_stock', quantity: null }, TESTER));
    must(
      await one.menu.setOptionAvailability({ restaurantId, groupId: group.id, optionId: group.options[1]?.id as string, isOutOfStock: true }, TESTER),
    );

    const stored = must(
      await run(async (tx) =>
        ok({
          category: await tx.categories.find(restaurantId, category.id),
          item: await tx.items.find(restaurantId, item.id),
          group: await tx.groups.find(restaurantId, group.id),
        }),
      ),
    );
    expect(changed).toMatchObject({ price: 0, hours: null, diet: null, version: 2 });
    expect(stored.category).toEqual(category);
    expect(stored.item).toEqual({ ...changed, availability: { state: 'out_of_stock' }, version: 3 });
    expect(stored.group).toEqual({ ...group, options: [group.options[0], { ...group.options[1], isOutOfStock: true }], version: 2 });

    const itemEvents = await database.events(`menu_item:${item.id}`);
    expect(itemEvents.map(({ type, version }) => [type, version])).toEqual([
      ['catalogue.item_added', 1],
      ['catalogue.item_changed', 2],
      ['catalogue.item_availability_set', 3],
    ]);
    const rebuilt: Record<string, unknown> = {};
    for (const { data } of itemEvents) {
      const { item: facts, availability } = data as { item?: object; availability?: object };
      Object.assign(rebuilt, facts, availability && { availability });
    }
    expect(stored.item).toMatchObject(rebuilt);
    expect(Object.keys(rebuilt).length).toBe(12);
    expect((await database.events(`category:${category.id}`))[0]?.data['category']).toEqual({ name: 'Breakfast', position: 7, hours: MORNING });
    expect((await database.events(`modifier_group:${group.id}`)).map(({ type }) => type)).toEqual([
      'catalogue.modifier_group_added',
      'catalogue.option_availability_set',
    ]);
  });

  it('rolls back states, events, countdown and revision when the work is refused', async () => {
    const category = await one.category(restaurantId, 'Rice');
    const item = await one.item(restaurantId, category.id, 'Biryani');
    const source = one.container.get(Catalogue.menuSource);
    const revision = await source.revision(restaurantId);
    const refused = await run(async (tx) => {
      await tx.menus.lock(restaurantId);
      await tx.items.save([must(MenuItem.setAvailability(item, 'quantity', 5, 1))]);
      await tx.countdown.set(restaurantId, item.id, item.name, 5, 1);
      return err('no' as const);
    });
    expect(refused).toEqual(err('no'));
    expect(must(await run(async (tx) => ok(await tx.items.find(restaurantId, item.id))))).toEqual(item);
    expect(await database.countdown(item.id)).toBeUndefined();
    expect(await source.revision(restaurantId)).toBe(revision);
    expect(await database.events(`menu_item:${item.id}`)).toHaveLength(1);
  });

  it('refuses to write over another version', async () => {
    const category = await one.category(restaurantId, 'Rice');
    const stale = must(Category.change({ ...category, version: 3 }, { name: 'Breads' }, [], undefined, 1));
    await expect(run(async (tx) => ok(await tx.categories.save([stale])))).rejects.toBeInstanceOf(WriteConflict);
    const again = must(Category.add(category.id, restaurantId, { name: 'Twice', position: 0, hours: null }, [], 1));
    await expect(run(async (tx) => ok(await tx.categories.save([again])))).rejects.toBeInstanceOf(WriteConflict);
  });

  it('shows one restaurant nothing of another', async () => {
    const other = await one.restaurant();
    const category = await one.category(restaurantId, 'Rice');
    const group = await one.group(restaurantId, 'Bread', ['Roti']);
    const item = await one.item(restaurantId, category.id, 'Biryani', { groupIds: [group.id] });
    const optionId = group.options[0]?.id as string;

    expect(await one.menu.item(other, item.id)).toEqual(err({ code: 'catalogue.item_not_found', itemId: item.id }));
    expect(await one.menu.archiveItem({ restaurantId: other, itemId: item.id }, TESTER)).toMatchObject(err({ code: 'catalogue.item_not_found' }));
    expect(await one.menu.archiveCategory({ restaurantId: other, categoryId: category.id }, TESTER)).toMatchObject(
      err({ code: 'catalogue.category_not_found' }),
    );
    expect(await one.menu.archiveModifierGroup({ restaurantId: other, groupId: group.id }, TESTER)).toMatchObject(
      err({ code: 'catalogue.modifier_group_not_found' }),
    );
    const mine = await one.category(other, 'Rice');
    const stolen = await one.menu.changeItem({ restaurantId, itemId: item.id, changes: { categoryId: mine.id }, expectedVersion: undefined }, TESTER);
    expect(stolen).toEqual(err({ code: 'catalogue.category_not_found', categoryId: mine.id }));
    const borrowed = await one.menu.addItem(
      { restaurantId: other, item: { ...item, categoryId: mine.id, groupIds: [group.id], position: undefined } },
      TESTER,
    );
    expect(borrowed).toEqual(err({ code: 'catalogue.modifier_group_not_found', groupIds: [group.id] }));
    expect(await one.queries.sellableExists(other, item.id)).toBe(false);
    expect(await one.queries.sellableExists(other, optionId)).toBe(false);
    expect(await one.queries.sellableExists(restaurantId, item.id)).toBe(true);
    expect(await one.queries.sellableExists(restaurantId, optionId)).toBe(true);
    expect((await one.menu.categories(other, { limit: 10 })).data.map(({ id }) => id)).toEqual([mine.id]);
    expect((await one.menu.offers(other))?.size).toBe(0);
    expect(await one.menu.offers(NOBODY)).toBeUndefined();
    expect(await one.menu.menu(NOBODY)).toEqual(err({ code: 'catalogue.restaurant_not_found', restaurantId: NOBODY }));
  });

  it('lets go only of what nothing needs, and says what does', async () => {
    const category = await one.category(restaurantId, 'Thali');
    const group = await one.group(restaurantId, 'Bread', ['Roti']);
    const named = ['Zeera thali', 'Andhra thali'];
    const items = [];
    for (const name of named) items.push(await one.item(restaurantId, category.id, name, { groupIds: [group.id] }));

    expect(await one.menu.archiveCategory({ restaurantId, categoryId: category.id }, TESTER)).toEqual(
      err({ code: 'catalogue.category_not_empty', categoryId: category.id, items: 2 }),
    );
    expect(await one.menu.archiveModifierGroup({ restaurantId, groupId: group.id }, TESTER)).toEqual(
      err({
        code: 'catalogue.modifier_group_in_use',
        groupId: group.id,
        count: 2,
        items: [
          { itemId: items[1]?.id, name: 'Andhra thali' },
          { itemId: items[0]?.id, name: 'Zeera thali' },
        ],
      }),
    );
    for (const { id: itemId } of items) must(await one.menu.archiveItem({ restaurantId, itemId }, TESTER));
    must(await one.menu.archiveModifierGroup({ restaurantId, groupId: group.id }, TESTER));
    must(await one.menu.archiveCategory({ restaurantId, categoryId: category.id }, TESTER));

    expect(must(await one.menu.menu(restaurantId))).toMatchObject({ categories: [], groups: [] });
    expect(await one.queries.sellableExists(restaurantId, items[0]?.id as string)).toBe(false);
    expect(await one.queries.sellableExists(restaurantId, group.options[0]?.id as string)).toBe(false);
    expect((await one.menu.categories(restaurantId, { limit: 10 })).data).toEqual([]);
    expect(must(await one.menu.modifierGroups(restaurantId, { limit: 10 })).data).toEqual([]);
    // Its name is free again.
    expect((await one.category(restaurantId, 'THALI')).name).toBe('THALI');
  });

  it('pages lists newest first', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await one.category(restaurantId, name);
    const first = await one.menu.categories(restaurantId, { limit: 2 });
    const second = await one.menu.categories(restaurantId, { limit: 2, after: first.next as string });
    const third = await one.menu.categories(restaurantId, { limit: 2, after: second.next as string });
    expect([first, second, third].map(({ data }) => data.map(({ name }) => name))).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
    expect(third.next).toBeNull();
  });

  it('gives one name to one category when two add it at once, and leaves no item in a category that is going', async () => {
    const two = database.process();
    const add = (process: CatalogueProcess) =>
      process.menu.addCategory({ restaurantId, category: { name: 'Starters', position: undefined, hours: null } }, TESTER);
    const added = await Promise.all([add(one), add(two), add(one)]);
    expect(added.filter(({ ok: isOk }) => isOk)).toHaveLength(1);
    const category = must(added.find(({ ok: isOk }) => isOk) as Result<Category, never>);

    const raced = await Promise.allSettled([
      one.menu.archiveCategory({ restaurantId, categoryId: category.id }, TESTER),
      two.item(restaurantId, category.id, 'Samosa'),
    ]);
    expect(
      raced.map(({ status, ...rest }) => status === 'fulfilled' && (rest as { value: { ok?: boolean } }).value.ok !== false).filter(Boolean),
    ).toHaveLength(1);
    const menu = must(await one.menu.menu(restaurantId));
    expect(menu.categories.length === 0 || menu.categories[0]?.items.length === 1).toBe(true);
  });

  it('sets a state and its countdown together, and stops counting with the other states and when the item goes', async () => {
    const category = await one.category(restaurantId, 'Thali');
    const item = await one.item(restaurantId, category.id, 'Thali');
    const set = (state: 'in_stock' | 'quantity' | 'out_of_stock', quantity: number | null) =>
      one.menu.setItemAvailability({ restaurantId, itemId: item.id, state, quantity }, TESTER);

    must(await set('quantity', 12));
    expect(await database.countdown(item.id)).toBe(12);
    must(await set('out_of_stock', null));
    expect(await database.countdown(item.id)).toBeNull();
    must(await set('quantity', 0));
    expect(await database.countdown(item.id)).toBe(0);
    expect(await set('quantity', 10_001)).toEqual(err({ code: 'catalogue.quantity_malformed', limit: 10_000 }));
    expect(await set('quantity', null)).toEqual(err({ code: 'catalogue.quantity_malformed', limit: 10_000 }));
    expect(await set('in_stock', 3)).toEqual(err({ code: 'catalogue.quantity_malformed', limit: 10_000 }));
    expect(await database.countdown(item.id)).toBe(0);
    must(await one.menu.archiveItem({ restaurantId, itemId: item.id }, TESTER));
    expect(await database.countdown(item.id)).toBeNull();
  });

  it('answers ordering the same map while the menu stands, and a new one at once when it changes', async () => {
    const ordering: MenuOfOrdering = { offers: one.menu.offers };
    const category = must(await one.menu.addCategory({ restaurantId, category: { name: 'Breakfast', position: undefined, hours: MORNING } }, TESTER));
    const group = await one.group(restaurantId, 'Bread', ['Roti'], 1, 1);
    const item = await one.item(restaurantId, category.id, 'Dosa', { groupIds: [group.id] });
    const gone = await one.item(restaurantId, category.id, 'Vada');
    must(await one.menu.archiveItem({ restaurantId, itemId: gone.id }, TESTER));

    const offers = await ordering.offers(restaurantId);
    expect([...(offers?.values() ?? [])]).toEqual([
      {
        itemId: item.id,
        name: 'Dosa',
        price: 12_900,
        taxClass: '',
        isOutOfStock: false,
        hours: [MORNING],
        groups: [
          {
            groupId: group.id,
            name: 'Bread',
            min: 1,
            max: 1,
            options: [{ optionId: group.options[0]?.id, name: 'Roti', price: 1_000, isOutOfStock: false, max: 1 }],
          },
        ],
      },
    ]);
    const before = database.statements.count;
    expect(await ordering.offers(restaurantId)).toBe(offers);
    expect(database.statements.count).toBe(before);
    database.clock.at += 1_001;
    expect(await ordering.offers(restaurantId)).toBe(offers);

    must(await one.menu.setItemAvailability({ restaurantId, itemId: item.id, state: 'out_of_stock', quantity: null }, TESTER));
    expect((await ordering.offers(restaurantId))?.get(item.id)?.isOutOfStock).toBe(true);
  });

  it.skipIf(profile === 'memory')('notices within a second what another process changed', async () => {
    const two = database.process();
    const category = await one.category(restaurantId, 'Thali');
    expect((await two.menu.offers(restaurantId))?.size).toBe(0);
    const item = await one.item(restaurantId, category.id, 'Thali');
    database.clock.at += 1_000;
    expect((await two.menu.offers(restaurantId))?.has(item.id)).toBe(true);
  });

  it('keeps every promise the doctor examines', async () => {
    for (const { id, sql } of CATALOGUE_INVARIANTS) expect({ id, culprits: await database.culprits(sql) }).toEqual({ id, culprits: [] });
  });
});
