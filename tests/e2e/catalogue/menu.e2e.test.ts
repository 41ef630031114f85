import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '#adapters/http/app.ts';
import { CATALOGUE_PROBLEMS } from '#adapters/http/catalogue/problems.ts';
import { catalogueRoutes } from '#adapters/http/catalogue/routes.ts';
import { detailsOf } from '#adapters/http/problem-detail.ts';
import type { Actor, Permission } from '#domain/shared/actor.ts';
import { type CatalogueDatabase, type CatalogueProcess, openCatalogue } from '../../support/catalogue.ts';
import { PROFILES, SILENT } from '../../support/profiles.ts';

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server says; the tests say what it should be.
type Answer = { readonly status: number; readonly body: any; readonly headers: Headers };

describe.each(PROFILES)('the menu over HTTP on %s', (profile) => {
  let database: CatalogueDatabase;
  let one: CatalogueProcess;
  let app: ReturnType<typeof createApp>;
  let restaurantId: string;
  let menu: string;

  const staff = (...permissions: Permission[]): Actor => ({
    kind: 'account',
    accountId: crypto.randomUUID(),
    sessionId: crypto.randomUUID(),
    permissions: [],
    grants: [{ restaurantId, role: 'manager', permissions }],
  });
  const ACTORS: Readonly<Record<string, () => Actor>> = {
    manager: () => staff('menu:write', 'menu:availability'),
    cashier: () => staff('menu:availability'),
    waiter: () => staff('orders:read'),
    stranger: () => ({
      ...(staff() as Extract<Actor, { kind: 'account' }>),
      grants: [{ restaurantId: crypto.randomUUID(), role: 'owner', permissions: ['menu:write'] }],
    }),
  };

  beforeAll(async () => {
    database = await openCatalogue(profile);
    one = database.process();
    app = createApp({
      routes: catalogueRoutes(one.menu),
      authenticate: async (token) => ACTORS[token]?.(),
      health: { isAccepting: () => true, checks: async () => [], startedAt: 0 },
      log: SILENT,
      newId: () => crypto.randomUUID(),
      version: '0',
      observe: () => undefined,
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
      isOutage: () => false,
    });
  });
  beforeEach(async () => {
    restaurantId = await one.restaurant();
    menu = `/restaurants/${restaurantId}/menu`;
    one.stock.portions = [];
    database.clock.at = Date.parse('2026-11-21T10:30:00Z'); // A Saturday, 16:00 in Kolkata.
  });
  afterAll(() => database?.close());

  async function call(
    method: string,
    path: string,
    { as, body, headers }: { as?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await app.request(path, {
      method,
      headers: { ...(as && { authorization: `Bearer ${as}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
  }
  const as = (who: string, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    call(method, `${menu}${path}`, { as: who, ...(body !== undefined && { body }), ...(headers && { headers }) });
  const csv = (text: string) => as('manager', 'POST', '/import', text, { 'content-type': 'text/csv; charset=utf-8' });

  async function thali(changes: object = {}): Promise<{ readonly itemId: string; readonly groupId: string; readonly optionIds: string[] }> {
    const { body: category } = await as('manager', 'POST', '/categories', { name: 'Meals' });
    const options = [
      { name: 'Roti', max: 2 },
      { name: 'Naan', price: 2_000 },
    ];
    const { body: group } = await as('manager', 'POST', '/modifier-groups', { name: 'Bread', min: 1, max: 2, options });
    const { status, body: item } = await as('manager', 'POST', '/items', {
      categoryId: category.id.toUpperCase(),
      name: '  Thali ',
      price: 12_900,
      taxClass: 'food',
      diet: 'veg',
      allergens: ['milk'],
      groupIds: [group.id.toUpperCase()],
      ...changes,
    });
    expect(status).toBe(201);
    return { itemId: item.id, groupId: group.id, optionIds: group.options.map(({ id }: { id: string }) => id) };
  }

  it('shows the whole menu to everybody, with prices in their currency', async () => {
    const { itemId, groupId, optionIds } = await thali();
    const { status, body, headers } = await call('GET', menu);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(body).toEqual({
      restaurantId,
      currency: 'INR',
      categories: [
        {
          id: expect.any(String),
          name: 'Meals',
          position: 0,
          hours: null,
          version: 1,
          isAvailableNow: true,
          items: [
            {
              id: itemId,
              categoryId: body.categories[0].id,
              name: 'Thali',
              description: '',
              price: { amount: 12_900, currency: 'INR' },
              taxClass: 'food',
              diet: 'veg',
              tags: [],
              allergens: ['milk'],
              hours: null,
              groupIds: [groupId],
              position: 0,
              version: 1,
              isAvailableNow: true,
              isOrderableNow: true,
              availability: { state: 'in_stock', quantity: null },
            },
          ],
        },
      ],
      modifierGroups: [
        {
          id: groupId,
          name: 'Bread',
          min: 1,
          max: 2,
          isRequired: true,
          version: 1,
          options: [
            { id: optionIds[0], name: 'Roti', price: { amount: 0, currency: 'INR' }, max: 2, state: 'in_stock' },
            { id: optionIds[1], name: 'Naan', price: { amount: 2_000, currency: 'INR' }, max: 1, state: 'in_stock' },
          ],
        },
      ],
    });
    expect((await call('GET', `/restaurants/${crypto.randomUUID()}/menu`)).body.code).toBe('catalogue.restaurant_not_found');
  });

  it('answers 304 while nothing has changed, and not when only the stock or the hour has', async () => {
    const { itemId } = await thali();
    const ask = (etag: string) => call('GET', menu, { headers: { 'if-none-match': etag } });
    const etag = (await call('GET', menu)).headers.get('etag') as string;
    expect((await ask(etag)).status).toBe(304);

    const limitedBy = { stockItemId: crypto.randomUUID(), name: 'Paneer', unit: 'kg', available: 0.1, needed: 0.15 };
    one.stock.portions = [{ sellableId: itemId, portions: 0, limitedBy }];
    const soldOut = await ask(etag);
    expect(soldOut.status).toBe(200);
    expect(soldOut.body.categories[0].items[0]).toMatchObject({ isOrderableNow: false, availability: { state: 'out_of_stock', quantity: null } });
    one.stock.portions = [{ sellableId: itemId, portions: 1, limitedBy }];
    expect((await ask(etag)).status).toBe(304);

    await as('manager', 'PATCH', `/items/${itemId}`, { hours: [{ day: 6, from: '12:00', to: '16:01' }] });
    const before = (await call('GET', menu)).headers.get('etag') as string;
    database.clock.at += 60_000;
    const closed = await ask(before);
    expect(closed.body.categories[0].items[0]).toMatchObject({ isAvailableNow: false, isOrderableNow: false, availability: { state: 'in_stock' } });
  });

  it('tells how many can be sold now, which ingredient stops more, and when it is served again', async () => {
    const { itemId, optionIds } = await thali();
    const ask = async () => (await call('GET', `${menu}/items/${itemId}/availability`)).body;
    const limit = (name: string, available: number) => ({ stockItemId: crypto.randomUUID(), name, unit: 'kg', available, needed: 0.15 });
    expect(await ask()).toEqual({ state: 'in_stock', setTo: 'in_stock', isOrderableNow: true, portions: null, limitedBy: null, nextOpening: null });

    const paneer = limit('Paneer', 2.1);
    one.stock.portions = [{ sellableId: itemId, portions: 14, limitedBy: paneer }];
    expect(await ask()).toMatchObject({ state: 'in_stock', isOrderableNow: true, portions: 14, limitedBy: paneer });

    const flour = limit('Flour', 0);
    one.stock.portions = optionIds.map((sellableId) => ({ sellableId, portions: 0, limitedBy: flour }));
    expect(await ask()).toMatchObject({ state: 'out_of_stock', setTo: 'in_stock', isOrderableNow: false, portions: 0, limitedBy: flour });
    expect((await call('GET', menu)).body.modifierGroups[0].options.map(({ state }: { state: string }) => state)).toEqual([
      'out_of_stock',
      'out_of_stock',
    ]);

    one.stock.portions = [];
    await as('manager', 'PATCH', `/items/${itemId}`, { hours: [{ day: 7, from: '22:00', to: '02:00' }] });
    expect(await ask()).toMatchObject({ state: 'in_stock', isOrderableNow: false, nextOpening: '2026-11-22T16:30:00.000Z' });
    await as('manager', 'PATCH', `/items/${itemId}`, { hours: [] });
    expect(await ask()).toMatchObject({ isOrderableNow: false, nextOpening: null });
  });

  it('lets staff say what can be had', async () => {
    const { itemId, groupId, optionIds } = await thali();
    const set = (body: unknown) => as('cashier', 'PUT', `/items/${itemId}/availability`, body);
    one.stock.portions = [{ sellableId: itemId, portions: 12, limitedBy: null }];
    expect((await set({ state: 'quantity', quantity: 12 })).body).toMatchObject({ state: 'quantity', setTo: 'quantity', portions: 12 });
    expect(await database.countdown(itemId)).toBe(12);
    expect((await call('GET', menu)).body.categories[0].items[0].availability).toEqual({ state: 'quantity', quantity: 12 });
    expect((await set({ state: 'out_of_stock' })).body).toMatchObject({ state: 'out_of_stock', isOrderableNow: false, portions: 0 });
    for (const bad of [
      { state: 'quantity' },
      { state: 'quantity', quantity: -1 },
      { state: 'quantity', quantity: 10_001 },
      { state: 'in_stock', quantity: 3 },
      { state: 'gone' },
    ]) {
      expect(await set(bad)).toMatchObject({ status: 400, body: { code: 'http.invalid_request' } });
    }
    expect(await database.countdown(itemId)).toBeNull();

    const option = await as('cashier', 'PUT', `/modifier-groups/${groupId}/options/${optionIds[0]}/availability`, { state: 'out_of_stock' });
    expect(option.body.options[0]).toMatchObject({ name: 'Roti', isOutOfStock: true });
    expect(option.headers.get('etag')).toBe('"2"');
    expect((await as('cashier', 'PUT', `/modifier-groups/${groupId}/options/${itemId}/availability`, { state: 'in_stock' })).body.code).toBe(
      'catalogue.option_not_found',
    );
  });

  it('changes only what is given, and only the version that was read', async () => {
    const { itemId, groupId, optionIds } = await thali();
    const read = await call('GET', `${menu}/items/${itemId}`);
    const etag = read.headers.get('etag') as string;
    const changed = await as('manager', 'PATCH', `/items/${itemId}`, { price: 13_900 }, { 'if-match': etag });
    expect(changed.body).toEqual({ ...read.body, price: { amount: 13_900, currency: 'INR' }, version: 2 });
    expect(changed.headers.get('etag')).toBe('"2"');
    expect(await as('manager', 'PATCH', `/items/${itemId}`, { price: 1 }, { 'if-match': etag })).toMatchObject({ status: 412, body: { version: 2 } });

    const options = [{ id: optionIds[1], name: 'Butter naan', price: 2_500 }, { name: 'Kulcha' }];
    const group = await as('manager', 'PATCH', `/modifier-groups/${groupId}`, { options }, { 'if-match': '"1"' });
    expect(group.body.options.map(({ id }: { id: string }) => id === optionIds[1])).toEqual([true, false]);
    expect((await as('manager', 'PATCH', `/modifier-groups/${groupId}`, { max: 9 })).body).toMatchObject({
      code: 'catalogue.modifier_group_malformed',
      reason: 'max_out_of_reach',
    });
    expect((await as('manager', 'PATCH', `/modifier-groups/${groupId}`, { max: 1 }, { 'if-match': '"1"' })).status).toBe(412);

    const { body: list } = await as('manager', 'GET', '/categories');
    const category = await as('manager', 'PATCH', `/categories/${list.data[0].id}`, { position: 3 }, { 'if-match': `"${list.data[0].version}"` });
    expect(category).toMatchObject({ status: 200, body: { name: 'Meals', position: 3, version: 2 } });
    expect((await as('manager', 'GET', '/modifier-groups?limit=1')).body).toMatchObject({ data: [{ id: groupId, isRequired: true }], next: null });
  });

  it('refuses what makes no menu, and says what to do', async () => {
    const { itemId, groupId } = await thali();
    const { body: item } = await call('GET', `${menu}/items/${itemId}`);
    const base = { categoryId: item.categoryId, name: 'New', price: 100 };
    const cases: [string, string, unknown, number, string][] = [
      ['POST', '/items', { ...base, taxClass: 'luxury' }, 422, 'catalogue.tax_class_unknown'],
      ['POST', '/items', { ...base, categoryId: groupId }, 404, 'catalogue.category_not_found'],
      ['POST', '/items', { ...base, groupIds: [itemId] }, 404, 'catalogue.modifier_group_not_found'],
      ['POST', '/items', { ...base, groupIds: [groupId, groupId] }, 422, 'catalogue.item_malformed'],
      ['POST', '/items', { ...base, hours: [{ day: 1, from: '24:00', to: '01:00' }] }, 422, 'catalogue.hours_malformed'],
      ['POST', '/items', { ...base, price: 12.5 }, 400, 'http.invalid_request'],
      ['POST', '/items', { ...base, price: -1 }, 400, 'http.invalid_request'],
      ['POST', '/items', { ...base, allergens: ['pollen'] }, 400, 'http.invalid_request'],
      ['POST', '/items', { ...base, isArchived: true }, 400, 'http.invalid_request'],
      ['PATCH', `/items/${itemId}`, { version: 9 }, 400, 'http.invalid_request'],
      ['PATCH', `/items/${crypto.randomUUID()}`, { price: 1 }, 404, 'catalogue.item_not_found'],
      ['POST', '/categories', { name: 'MEALS' }, 409, 'catalogue.category_name_taken'],
      ['POST', '/modifier-groups', { name: 'X', min: 0, max: 1, options: [] }, 422, 'catalogue.modifier_group_malformed'],
      ['POST', '/modifier-groups', { name: 'X', min: 0, max: 1, options: [{ id: itemId, name: 'A' }] }, 404, 'catalogue.option_not_found'],
      ['DELETE', `/categories/${item.categoryId}`, undefined, 409, 'catalogue.category_not_empty'],
      ['DELETE', `/modifier-groups/${groupId}`, undefined, 409, 'catalogue.modifier_group_in_use'],
    ];
    for (const [method, path, body, status, code] of cases) {
      const refused = await as('manager', method, path, body);
      expect({ path, body, status: refused.status, code: refused.body.code }).toEqual({ path, body, status, code });
      expect(refused.headers.get('content-type')).toBe('application/problem+json');
    }
    expect((await call('GET', menu)).body.categories[0].items).toHaveLength(1);
    for (const path of [`/items/${itemId}`, `/modifier-groups/${groupId}`, `/categories/${item.categoryId}`]) {
      expect((await as('manager', 'DELETE', path)).status).toBe(204);
      expect((await as('manager', 'DELETE', path)).status).toBe(404);
    }
    expect((await call('GET', menu)).body).toMatchObject({ categories: [], modifierGroups: [] });
  });

  it('lets in only who may', async () => {
    const { itemId, groupId, optionIds } = await thali();
    const writes: [string, string, unknown][] = [
      ['GET', '/categories', undefined],
      ['GET', '/modifier-groups', undefined],
      ['POST', '/categories', { name: 'X' }],
      ['POST', '/items', {}],
      ['PATCH', `/items/${itemId}`, { price: 0 }],
      ['DELETE', `/items/${itemId}`, undefined],
      ['POST', '/modifier-groups', {}],
      ['POST', '/import', { items: [] }],
    ];
    for (const [method, path, body] of writes) {
      expect((await call(method, `${menu}${path}`, body === undefined ? {} : { body })).status).toBe(401);
      expect((await as('cashier', method, path, body)).status).toBe(403);
      expect((await as('stranger', method, path, body)).status).toBe(404);
    }
    for (const path of [`/items/${itemId}/availability`, `/modifier-groups/${groupId}/options/${optionIds[0]}/availability`]) {
      expect((await as('waiter', 'PUT', path, { state: 'in_stock' })).status).toBe(403);
      expect((await as('cashier', 'PUT', path, { state: 'in_stock' })).status).toBe(200);
    }
  });

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
    const { body } = await call('GET', menu);
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
    expect((await as('manager', 'POST', '/import', body)).body).toEqual({ created: 2, unchanged: 0, categoriesCreated: 2 });
    expect((await as('manager', 'POST', '/import', body)).body).toEqual({ created: 0, unchanged: 2, categoriesCreated: 0 });
    expect((await call('GET', menu)).body.categories).toMatchObject([
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
    const json = await as('manager', 'POST', '/import', { items: [{ category: 'A', name: 'B', price: 1 }, { price: -5 }] });
    expect(json.body.errors).toMatchObject([
      { row: 2, field: 'category' },
      { row: 2, field: 'name' },
      { row: 2, field: 'price', why: 'not_a_price' },
    ]);
    expect((await call('GET', menu)).body.categories).toEqual([]);
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
    expect((await as('manager', 'POST', '/import', 'x', { 'content-type': 'application/vnd.ms-excel' })).status).toBe(415);
    expect((await as('manager', 'POST', '/import', { items: [], extra: 1 })).status).toBe(400);
  });
});

it('every problem of the catalogue says what to do', () => {
  for (const [code, problem] of Object.entries(CATALOGUE_PROBLEMS)) {
    for (const detail of detailsOf(problem as never))
      expect({ code, detail }).toEqual({ code, detail: expect.stringMatching(/^(?!.*undefined)(?!.*\[object).{15,}\.$/) });
  }
});
