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

  it('says of every row of a spreadsheet where it is wrong, in the form of every list of errors', async () => {
    const refused = await csv('category,name,price,tags\nA,B,1\nA,C,1,,,surplus\nA,D,1.234,\nA,E,2,tasty\nA,"F"x,2,\nA,G,3,\n');
    expect(refused).toMatchObject({ status: 422, body: { code: 'catalogue.import_refused', count: 5 } });
    expect(refused.body.errors).toEqual([
      {
        row: 2,
        field: 'row',
        why: 'too_few_cells',
        value: 'A,B,1',
        pointer: '/rows/2',
        code: 'too_few_cells',
        message: expect.stringMatching(/^Row 2: row \("A,B,1"\) has fewer cells/),
      },
      expect.objectContaining({ row: 3, pointer: '/rows/3', code: 'too_many_cells' }),
      expect.objectContaining({ row: 4, pointer: '/rows/4/price', code: 'not_a_price', value: '1.234' }),
      expect.objectContaining({
        row: 5,
        pointer: '/rows/5/tags',
        code: 'unknown',
        message: expect.stringContaining('known are jain, satvik, halal'),
      }),
      expect.objectContaining({ row: 6, pointer: '/rows/6', code: 'unreadable' }),
    ]);
    for (const text of ['\ufeff', ' ', 'Breakfast,Dosa,129.00']) {
      const { status, body } = await csv(text);
      expect({ text, status, code: body.code, errors: body.errors.length }).toEqual({
        text,
        status: 422,
        code: 'catalogue.import_refused',
        errors: 1,
      });
      expect(body.errors[0]).toMatchObject({ row: 1, pointer: '/rows/1', code: 'no_header', message: expect.stringContaining('CSV') });
    }
    const { body } = await csv(`category,name,price\n${'A,B,x\n'.repeat(150)}`);
    expect([body.count, body.errors.length]).toEqual([150, 100]);
    expect((await http.call('GET', http.menu)).body.categories).toEqual([]);
  });

  it('says of every row of JSON where it is wrong, whatever its shape', async () => {
    const items = [
      { category: 'A', name: 'B', price: 100 },
      { category: 'A', name: 'C', price: 1.5 },
      { category: 'A', price: 100 },
      { category: 'A', name: 'D', price: 'x', 'a/b': 1 },
      'E',
      { category: 'A', name: 'F', price: 100, diet: 'fishy', taxClass: 'luxury', allergens: 'milk' },
    ];
    const categories = [{ name: 'A' }, { name: 'a' }];
    const refused = await http.as('manager', 'POST', '/import', { categories, items });
    expect(refused).toMatchObject({ status: 422, body: { code: 'catalogue.import_refused', count: 9 } });
    const found = refused.body.errors.map(({ row, pointer, code, why }: Record<string, string>) => [row, pointer, code, why]);
    expect(found).toEqual(
      [
        [2, '/categories/1', 'duplicate'],
        [2, '/items/1/price', 'not_a_price'],
        [3, '/items/2/name', 'missing'],
        [4, '/items/3/a~1b', 'unknown_field'],
        [4, '/items/3/price', 'not_a_price'],
        [5, '/items/4', 'not_an_object'],
        [6, '/items/5/allergens', 'not_a_list'],
        [6, '/items/5/taxClass', 'unknown'],
        [6, '/items/5/diet', 'unknown'],
      ].map((fault) => [...fault, fault[2]]),
    );
    for (const { message } of refused.body.errors) expect(message).toMatch(/^Row \d: .{10,}\.$/);
    expect(refused.body.errors[7].known).toEqual(['food', 'none']);
    expect(refused.body.errors[8].message).toContain('known are veg, non_veg, egg, vegan');
    expect((await http.call('GET', http.menu)).body.categories).toEqual([]);
    expect((await http.as('manager', 'POST', '/import', { items: Array(5_001).fill(0) })).status).toBe(400);
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
