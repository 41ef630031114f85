import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MenuOverHttp, openMenuOverHttp } from '../../support/catalogue-http.ts';
import { PROFILES } from '../../support/profiles.ts';

describe.each(PROFILES)('bringing in a menu over HTTP on %s', (profile) => {
  let http: MenuOverHttp;

  beforeAll(async () => {
    http = await openMenuOverHttp(profile);
  });
  beforeEach(() => http.begin());
  afterAll(() => http?.database.close());

  const csv = (text: string) => http.as('manager', 'POST', '/import', text, { 'content-type': 'text/csv; charset=utf-8' });

  it('brings in a spreadsheet, and the same one again without harm', async () => {
    const text = [
      '\ufeffcategory,name,description,price,taxClass,diet,tags,allergens,available',
      'Breakfast,Masala Dosa,"Crisp, with potato",129.50,food,Veg,bestseller;spicy,mustard,yes',
      'Breakfast,Masala Dosa,,149,food,veg,,,no',
      'Chaat,"=1+1",,0.5,,,,"milk, nuts",',
      '',
    ].join('\r\n');
    expect((await csv(text)).body).toEqual({ created: 3, unchanged: 0, categoriesCreated: 2 });
    expect((await csv(text)).body).toEqual({ created: 0, unchanged: 3, categoriesCreated: 0 });
    const { body } = await http.call('GET', http.menu);
    expect(body.categories.map(({ name }: { name: string }) => name)).toEqual(['Breakfast', 'Chaat']);
    expect(
      body.categories[0].items.map(({ price, availability }: never) => [
        (price as { amount: number }).amount,
        (availability as { state: string }).state,
      ]),
    ).toEqual([
      [12_950, 'in_stock'],
      [14_900, 'out_of_stock'],
    ]);
    expect(body.categories[1].items[0]).toMatchObject({ name: '=1+1', price: { amount: 50 }, allergens: ['milk', 'nuts'], diet: null });
  });

  it('brings in JSON with its categories', async () => {
    const hours = [{ day: 6, from: '07:00', to: '11:30' }];
    const body = {
      categories: [{ name: 'Breakfast', hours, position: 5 }],
      items: [
        { category: 'breakfast', name: 'Dosa', price: 12_900, diet: 'veg', available: false },
        { category: 'Chaat', name: 'Puri', price: 5_000 },
      ],
    };
    expect((await http.as('manager', 'POST', '/import', body)).body).toEqual({ created: 2, unchanged: 0, categoriesCreated: 2 });
    expect((await http.as('manager', 'POST', '/import', body)).body).toEqual({ created: 0, unchanged: 2, categoriesCreated: 0 });
    expect((await http.call('GET', http.menu)).body.categories).toMatchObject([
      { name: 'Breakfast', hours, position: 5 },
      { name: 'Chaat', position: 6 },
    ]);
  });

  it('tells every fault of a file at once and brings in nothing of it', async () => {
    const refused = await csv('name,category,price,diet\nDosa,South,129,veg\n,South,99,\nIdli,South,nine,green\ndosa,SOUTH,129.00,');
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: 'catalogue.import_refused',
      count: 4,
      errors: [
        { row: 3, field: 'name', why: 'missing' },
        { row: 4, field: 'price', why: 'not_a_price', value: 'nine' },
        { row: 4, field: 'diet', why: 'unknown', value: 'green' },
        { row: 5, field: 'name', why: 'duplicate', value: 'dosa', firstRow: 2 },
      ],
    });
    expect(refused.body.detail).toContain('row 3: name is missing');
    const json = await http.as('manager', 'POST', '/import', { items: [{ category: 'A', name: 'B', price: 1 }, { price: -5 }] });
    expect(json.body.errors).toMatchObject([
      { row: 2, field: 'category' },
      { row: 2, field: 'name' },
      { row: 2, field: 'price', why: 'not_a_price' },
    ]);
    expect((await http.call('GET', http.menu)).body.categories).toEqual([]);
  });

  it('bounds what it brings in', async () => {
    const line = (i: number) => `Meals,Dish ${i},${i}.00,${'made with care '.repeat(6)}`;
    const file = (count: number) => ['category,name,price,description', ...Array.from({ length: count }, (_, i) => line(i))].join('\n');
    expect(await csv(file(5_001))).toMatchObject({ status: 413, body: { code: 'catalogue.import_too_large', limit: 5_000 } });
    expect((await csv(file(5_000))).body).toMatchObject({ created: 5_000 });
    expect(await csv(`category,name,price,description\nA,B,1,${'x'.repeat(2 * 1024 * 1024)}`)).toMatchObject({
      status: 413,
      body: { code: 'http.body_too_large' },
    });
    expect((await http.as('manager', 'POST', '/import', 'x', { 'content-type': 'application/vnd.ms-excel' })).status).toBe(415);
    expect((await http.as('manager', 'POST', '/import', { items: [], extra: 1 })).status).toBe(400);
  });
});
