import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CatalogueDatabase, openCatalogue } from '../../support/catalogue.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';

const RESTAURANT = '00000000-0000-7000-8000-000000000007';
const LIVE = `from catalogue.items where restaurant_id = '${RESTAURANT}' and not is_archived`;

describe.each(SQL_PROFILES)('the plans of the catalogue on %s', (profile) => {
  let database: CatalogueDatabase;

  beforeAll(async () => {
    database = await openCatalogue(profile);
    // Ninety restaurants; of the items of each, most were archived long ago.
    await database.culprits(`
      insert into catalogue.items (restaurant_id, id, category_id, name, description, price, tax_class, tags, allergens, group_ids, position, availability, is_archived, version)
      select ('00000000-0000-7000-8000-' || lpad((n % 90)::text, 12, '0'))::uuid, gen_random_uuid(), gen_random_uuid(), 'Dish ' || n, '', 100, '', '[]', '[]', '[]', n, 'in_stock', n % 5 > 0, 1
        from generate_series(1, 9000) n`);
    await database.culprits('analyze catalogue.items');
  });
  afterAll(() => database?.close());

  it.each([
    ['a whole menu', `select * ${LIVE}`],
    ['what tells items apart', `select category_id, name, price, position ${LIVE}`],
    ['the items of a category', `select count(*) ${LIVE} and category_id = '${RESTAURANT}'`],
  ])('read %s without its archive', async (_, query) => {
    const plan = JSON.stringify(await database.culprits(`explain ${query}`));
    expect(plan).toContain('items_live');
    expect(plan).not.toContain('Seq Scan');
  });

  it('find one item by its key', async () => {
    const plan = JSON.stringify(
      await database.culprits(`explain select * from catalogue.items where restaurant_id = '${RESTAURANT}' and id = '${RESTAURANT}'`),
    );
    expect(plan).toContain('items_pkey');
  });
});
