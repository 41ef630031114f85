import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE_PROBLEMS } from '#adapters/http/catalogue/problems.ts';
import { detailsOf } from '#adapters/http/problem-detail.ts';
import type { RestaurantSettings } from '#domain/partners/restaurant.ts';
import { type MenuOverHttp, openMenuOverHttp } from '../../support/catalogue-http.ts';
import { PROFILES } from '../../support/profiles.ts';

describe.each(PROFILES)('the menu over HTTP on %s', (profile) => {
  let http: MenuOverHttp;

  beforeAll(async () => {
    http = await openMenuOverHttp(profile);
  });
  beforeEach(() => http.begin());
  afterAll(() => http?.database.close());

  async function thali(changes: object = {}): Promise<{ readonly itemId: string; readonly groupId: string; readonly optionIds: string[] }> {
    const { body: category } = await http.as('manager', 'POST', '/categories', { name: 'Meals' });
    const options = [
      { name: 'Roti', max: 2 },
      { name: 'Naan', price: 2_000 },
    ];
    const { body: group } = await http.as('manager', 'POST', '/modifier-groups', { name: 'Bread', min: 1, max: 2, options });
    const { status, body: item } = await http.as('manager', 'POST', '/items', {
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
    const { status, body, headers } = await http.call('GET', http.menu);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(body).toEqual({
      restaurantId: http.restaurantId,
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
    expect((await http.call('GET', `/restaurants/${crypto.randomUUID()}/menu`)).body.code).toBe('catalogue.restaurant_not_found');
  });

  it('answers 304 while nothing has changed, and not when only the stock or the hour has', async () => {
    const { itemId } = await thali();
    const ask = (etag: string) => http.call('GET', http.menu, { headers: { 'if-none-match': etag } });
    const etag = (await http.call('GET', http.menu)).headers.get('etag') as string;
    expect((await ask(etag)).status).toBe(304);

    const limitedBy = { stockItemId: crypto.randomUUID(), name: 'Paneer', unit: 'kg', available: 0.1, needed: 0.15 };
    http.one.stock.portions = [{ sellableId: itemId, portions: 0, limitedBy }];
    const soldOut = await ask(etag);
    expect(soldOut.status).toBe(200);
    expect(soldOut.body.categories[0].items[0]).toMatchObject({ isOrderableNow: false, availability: { state: 'out_of_stock', quantity: null } });
    http.one.stock.portions = [{ sellableId: itemId, portions: 1, limitedBy }];
    expect((await ask(etag)).status).toBe(304);

    await http.as('manager', 'PATCH', `/items/${itemId}`, { hours: [{ day: 6, from: '12:00', to: '16:01' }] });
    const before = (await http.call('GET', http.menu)).headers.get('etag') as string;
    http.database.clock.at += 60_000;
    const closed = await ask(before);
    expect(closed.body.categories[0].items[0]).toMatchObject({ isAvailableNow: false, isOrderableNow: false, availability: { state: 'in_stock' } });
  });

  it('tells how many can be sold now, which ingredient stops more, and when it is served again', async () => {
    const { itemId, optionIds } = await thali();
    const ask = async () => (await http.call('GET', `${http.menu}/items/${itemId}/availability`)).body;
    const limit = (name: string, available: number) => ({ stockItemId: crypto.randomUUID(), name, unit: 'kg', available, needed: 0.15 });
    expect(await ask()).toEqual({ state: 'in_stock', setTo: 'in_stock', isOrderableNow: true, portions: null, limitedBy: null, nextOpening: null });

    const paneer = limit('Paneer', 2.1);
    http.one.stock.portions = [{ sellableId: itemId, portions: 14, limitedBy: paneer }];
    expect(await ask()).toMatchObject({ state: 'in_stock', isOrderableNow: true, portions: 14, limitedBy: paneer });

    const flour = limit('Flour', 0);
    http.one.stock.portions = optionIds.map((sellableId) => ({ sellableId, portions: 0, limitedBy: flour }));
    expect(await ask()).toMatchObject({ state: 'out_of_stock', setTo: 'in_stock', isOrderableNow: false, portions: 0, limitedBy: flour });
    expect((await http.call('GET', http.menu)).body.modifierGroups[0].options.map(({ state }: { state: string }) => state)).toEqual([
      'out_of_stock',
      'out_of_stock',
    ]);

    http.one.stock.portions = [];
    await http.as('manager', 'PATCH', `/items/${itemId}`, { hours: [{ day: 7, from: '22:00', to: '02:00' }] });
    expect(await ask()).toMatchObject({ state: 'in_stock', isOrderableNow: false, nextOpening: '2026-11-22T16:30:00.000Z' });
    await http.as('manager', 'PATCH', `/items/${itemId}`, { hours: [] });
    expect(await ask()).toMatchObject({ isOrderableNow: false, nextOpening: null });
  });

  it('lets nobody take for orderable what a closed or paused restaurant would refuse', async () => {
    const seen = async (settings: Partial<RestaurantSettings>, changes: object = {}) => {
      http.restaurantId = await http.one.restaurant(settings);
      const { itemId } = await thali(changes);
      const { body: menu } = await http.call('GET', http.menu);
      const { body: availability } = await http.call('GET', `${http.menu}/items/${itemId}/availability`);
      const { isAvailableNow, isOrderableNow } = menu.categories[0].items[0];
      expect(availability.isOrderableNow).toBe(isOrderableNow);
      return { isAvailableNow, isOrderableNow, state: availability.state, nextOpening: availability.nextOpening };
    };
    const served = { isAvailableNow: true, state: 'in_stock' };
    const noon = [{ day: 6 as const, from: '12:00', to: '16:01' }];
    const evening = [{ day: 6 as const, from: '18:00', to: '23:00' }];
    // It is Saturday, 16:00 in Kolkata.
    expect(await seen({ openingHours: noon })).toEqual({ ...served, isOrderableNow: true, nextOpening: null });
    expect(await seen({ openingHours: evening })).toEqual({ ...served, isOrderableNow: false, nextOpening: '2026-11-21T12:30:00.000Z' });
    expect(await seen({ openingHours: [] })).toEqual({ ...served, isOrderableNow: false, nextOpening: null });
    expect(await seen({ isAcceptingOrders: false })).toEqual({ ...served, isOrderableNow: false, nextOpening: null });
    expect(await seen({ isAcceptingOrders: false, openingHours: evening })).toMatchObject({ isOrderableNow: false, nextOpening: null });

    const late = [{ day: 6, from: '20:00', to: '24:00' }];
    expect(await seen({ openingHours: evening }, { hours: late })).toMatchObject({ isAvailableNow: false, nextOpening: '2026-11-21T14:30:00.000Z' });
    expect(await seen({ openingHours: noon }, { hours: late })).toMatchObject({ isOrderableNow: false, nextOpening: null });
  });

  it('lets staff say what can be had', async () => {
    const { itemId, groupId, optionIds } = await thali();
    const set = (body: unknown) => http.as('cashier', 'PUT', `/items/${itemId}/availability`, body);
    http.one.stock.portions = [{ sellableId: itemId, portions: 12, limitedBy: null }];
    expect((await set({ state: 'quantity', quantity: 12 })).body).toMatchObject({ state: 'quantity', setTo: 'quantity', portions: 12 });
    expect(await http.database.countdown(itemId)).toBe(12);
    expect((await http.call('GET', http.menu)).body.categories[0].items[0].availability).toEqual({ state: 'quantity', quantity: 12 });
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
    expect(await http.database.countdown(itemId)).toBeNull();

    const option = await http.as('cashier', 'PUT', `/modifier-groups/${groupId}/options/${optionIds[0]}/availability`, { state: 'out_of_stock' });
    expect(option.body.options[0]).toMatchObject({ name: 'Roti', isOutOfStock: true });
    expect(option.headers.get('etag')).toBe('"2"');
    expect((await http.as('cashier', 'PUT', `/modifier-groups/${groupId}/options/${itemId}/availability`, { state: 'in_stock' })).body.code).toBe(
      'catalogue.option_not_found',
    );
  });

  it('changes only what is given, and only the version that was read', async () => {
    const { itemId, groupId, optionIds } = await thali();
    const read = await http.call('GET', `${http.menu}/items/${itemId}`);
    const etag = read.headers.get('etag') as string;
    const changed = await http.as('manager', 'PATCH', `/items/${itemId}`, { price: 13_900 }, { 'if-match': etag });
    expect(changed.body).toEqual({ ...read.body, price: { amount: 13_900, currency: 'INR' }, version: 2 });
    expect(changed.headers.get('etag')).toBe('"2"');
    expect(await http.as('manager', 'PATCH', `/items/${itemId}`, { price: 1 }, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { version: 2 },
    });

    const options = [{ id: optionIds[1], name: 'Butter naan', price: 2_500 }, { name: 'Kulcha' }];
    const group = await http.as('manager', 'PATCH', `/modifier-groups/${groupId}`, { options }, { 'if-match': '"1"' });
    expect(group.body.options.map(({ id }: { id: string }) => id === optionIds[1])).toEqual([true, false]);
    expect((await http.as('manager', 'PATCH', `/modifier-groups/${groupId}`, { max: 9 })).body).toMatchObject({
      code: 'catalogue.modifier_group_malformed',
      reason: 'max_out_of_reach',
    });
    expect((await http.as('manager', 'PATCH', `/modifier-groups/${groupId}`, { max: 1 }, { 'if-match': '"1"' })).status).toBe(412);

    const { body: list } = await http.as('manager', 'GET', '/categories');
    const category = await http.as(
      'manager',
      'PATCH',
      `/categories/${list.data[0].id}`,
      { position: 3 },
      { 'if-match': `"${list.data[0].version}"` },
    );
    expect(category).toMatchObject({ status: 200, body: { name: 'Meals', position: 3, version: 2 } });
    expect((await http.as('manager', 'GET', '/modifier-groups?limit=1')).body).toMatchObject({
      data: [{ id: groupId, isRequired: true }],
      next: null,
    });
  });

  it('refuses what makes no menu, and says what to do', async () => {
    const { itemId, groupId } = await thali();
    const { body: item } = await http.call('GET', `${http.menu}/items/${itemId}`);
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
      const refused = await http.as('manager', method, path, body);
      expect({ path, body, status: refused.status, code: refused.body.code }).toEqual({ path, body, status, code });
      expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    }
    expect((await http.call('GET', http.menu)).body.categories[0].items).toHaveLength(1);
    for (const path of [`/items/${itemId}`, `/modifier-groups/${groupId}`, `/categories/${item.categoryId}`]) {
      expect((await http.as('manager', 'DELETE', path)).status).toBe(204);
      expect((await http.as('manager', 'DELETE', path)).status).toBe(404);
    }
    expect((await http.call('GET', http.menu)).body).toMatchObject({ categories: [], modifierGroups: [] });
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
      expect((await http.call(method, `${http.menu}${path}`, body === undefined ? {} : { body })).status).toBe(401);
      expect((await http.as('cashier', method, path, body)).status).toBe(403);
      expect((await http.as('stranger', method, path, body)).status).toBe(404);
    }
    for (const path of [`/items/${itemId}/availability`, `/modifier-groups/${groupId}/options/${optionIds[0]}/availability`]) {
      expect((await http.as('waiter', 'PUT', path, { state: 'in_stock' })).status).toBe(403);
      expect((await http.as('cashier', 'PUT', path, { state: 'in_stock' })).status).toBe(200);
    }
  });
});

it('every problem of the catalogue says what to do', () => {
  for (const [code, problem] of Object.entries(CATALOGUE_PROBLEMS)) {
    for (const detail of detailsOf(problem as never))
      expect({ code, detail }).toEqual({ code, detail: expect.stringMatching(/^(?!.*undefined)(?!.*\[object).{15,}\.$/) });
  }
});
