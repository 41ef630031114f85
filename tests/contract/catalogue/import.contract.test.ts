import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE_INVARIANTS } from '#adapters/postgres/catalogue/invariants.ts';
import type { ImportRow } from '#domain/catalogue/import-row.ts';
import { err } from '#domain/shared/result.ts';
import { type CatalogueDatabase, type CatalogueProcess, openCatalogue, TESTER } from '../../support/catalogue.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';

const rows = (count: number, changes: Partial<ImportRow> = {}): ImportRow[] =>
  Array.from({ length: count }, (_, i) => ({
    row: i + 2,
    category: `Category ${i % 40}`,
    name: `Dish "${i}", 100% \\ ${'🍛'.repeat(i % 3)}`,
    description: 'Slow-cooked',
    price: '129.50',
    taxClass: 'food',
    diet: 'veg',
    tags: ['spicy'],
    allergens: ['milk', 'nuts'],
    available: i % 10 === 0 ? 'no' : '',
    ...changes,
  }));

describe.each(PROFILES)('bringing in a menu on %s', (profile) => {
  let database: CatalogueDatabase;
  let one: CatalogueProcess;

  beforeAll(async () => {
    database = await openCatalogue(profile);
    one = database.process();
  });
  afterAll(() => database?.close());

  const bringIn = (restaurantId: string, given: readonly ImportRow[]) =>
    one.menu.importMenu({ restaurantId, categories: [], rows: given, faults: [] }, TESTER);
  const counted = async (restaurantId: string, given: readonly ImportRow[]) => {
    const before = database.statements.count;
    const imported = must(await bringIn(restaurantId, given));
    return { imported, statements: database.statements.count - before };
  };

  it('takes as many statements for 5000 items as for ten, and fewer for those it has', async () => {
    const small = await counted(await one.restaurant(), rows(10));
    const restaurantId = await one.restaurant();
    const large = await counted(restaurantId, rows(5_000));
    expect(large.imported).toEqual({ created: 5_000, unchanged: 0, categoriesCreated: 40 });
    expect(large.statements).toBe(small.statements);
    // Restaurant; begin, lock, categories, listings, two inserts, events, commit.
    expect(large.statements).toBe(profile === 'memory' ? 0 : 9);

    const again = await counted(restaurantId, rows(5_000));
    expect(again.imported).toEqual({ created: 0, unchanged: 5_000, categoriesCreated: 0 });
    // Without the inserts and the events, and without the restaurant if it was read within the second.
    expect(again.statements).toBeLessThanOrEqual(profile === 'memory' ? 0 : 6);

    const menu = must(await one.menu.menu(restaurantId));
    expect(menu.categories.map(({ items }) => items.length)).toEqual(Array.from({ length: 40 }, () => 125));
    const third = menu.categories[3]?.items[0];
    expect(third).toMatchObject({
      name: 'Dish "3", 100% \\',
      price: 12_950,
      diet: 'veg',
      tags: ['spicy'],
      allergens: ['milk', 'nuts'],
      position: 0,
      version: 1,
    });
    expect(menu.categories[0]?.items.slice(0, 2).map(({ availability }) => availability.state)).toEqual(['out_of_stock', 'out_of_stock']);
    expect((await one.menu.offers(restaurantId))?.size).toBe(5_000);
    expect(await database.events(`menu_item:${third?.id}`)).toMatchObject([{ type: 'catalogue.item_added', version: 1 }]);
  });

  it('adds what is new and leaves what is there, whatever was changed of it', async () => {
    const restaurantId = await one.restaurant();
    must(await bringIn(restaurantId, rows(2, { category: 'Rice' })));
    const [first] = must(await one.menu.menu(restaurantId)).categories[0]?.items ?? [];
    must(
      await one.menu.changeItem(
        { restaurantId, itemId: first?.id as string, changes: { description: 'By hand' }, expectedVersion: undefined },
        TESTER,
      ),
    );

    const again = must(await bringIn(restaurantId, [...rows(3, { category: 'RICE' }), ...rows(1, { row: 9, category: 'rice', price: 10_000 })]));
    expect(again).toEqual({ created: 2, unchanged: 2, categoriesCreated: 0 });
    const items = must(await one.menu.menu(restaurantId)).categories[0]?.items ?? [];
    expect(items.map(({ position, price }) => [position, price])).toEqual([
      [0, 12_950],
      [1, 12_950],
      [2, 12_950],
      [3, 10_000],
    ]);
    expect(items[0]).toMatchObject({ id: first?.id, description: 'By hand', version: 2 });

    must(await one.menu.archiveItem({ restaurantId, itemId: first?.id as string }, TESTER));
    expect(must(await bringIn(restaurantId, rows(2, { category: 'Rice' })))).toEqual({ created: 1, unchanged: 1, categoriesCreated: 0 });
  });

  it('brings in nothing of a file that has a fault', async () => {
    const restaurantId = await one.restaurant();
    const [good, bad] = rows(2);
    const refused = await bringIn(restaurantId, [good as ImportRow, { ...(bad as ImportRow), taxClass: 'luxury' }]);
    expect(refused).toEqual(
      err({
        code: 'catalogue.import_refused',
        count: 1,
        errors: [{ row: 3, field: 'taxClass', why: 'unknown', value: 'luxury', known: ['food', 'none'] }],
      }),
    );
    expect(await one.menu.offers(restaurantId)).toBeUndefined();
    expect(must(await one.menu.menu(restaurantId)).categories).toEqual([]);
  });

  it('reads prices by the currency of the restaurant', async () => {
    const tokyo = await one.restaurant({ currency: 'JPY' });
    expect(await bringIn(tokyo, rows(1))).toMatchObject(err({ errors: [{ field: 'price', why: 'not_a_price', value: '129.50' }] }));
    must(await bringIn(tokyo, rows(1, { price: '1300' })));
    expect(must(await one.menu.menu(tokyo)).categories[0]?.items[0]?.price).toBe(1_300);
  });

  it('brings each item in once when two people send the file at once', async () => {
    const restaurantId = await one.restaurant();
    const both = (await Promise.all([bringIn(restaurantId, rows(50)), bringIn(restaurantId, rows(50))])).map(must);
    expect(both.map(({ created, unchanged }) => [created, unchanged]).sort()).toEqual([
      [0, 50],
      [50, 0],
    ]);
    for (const { id, sql } of CATALOGUE_INVARIANTS) expect({ id, culprits: await database.culprits(sql) }).toEqual({ id, culprits: [] });
  });
});
