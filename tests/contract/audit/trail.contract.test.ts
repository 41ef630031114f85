import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit as UseCases } from '#application/audit/module.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import type { Job } from '#application/shared/job.ts';
import { Audit } from '#composition/modules/audit.ts';
import { Platform } from '#composition/modules/platform.ts';
import type { AuditEntry } from '#domain/audit/chain.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-21T10:30:00Z');

describe.each(PROFILES)('the audit trail on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let elsewhere: Kitchen;
  let log: EventLog;
  let audit: UseCases;
  const clock = { at: START };
  beforeAll(async () => {
    world = await startWorld(profile, new ContainerModule(({ rebind }) => void rebind(Platform.clock).toConstantValue({ now: () => clock.at })));
    log = world.container.get(Platform.eventLog);
    audit = world.container.get(Audit.useCases);
    kitchen = await openKitchen(world);
    elsewhere = await openKitchen(world);
    await log.settle();
  });
  afterAll(() => world.close());

  const all = async (restaurantId: string | null = null, more: object = {}): Promise<readonly AuditEntry[]> =>
    (await audit.entries({ restaurantId, ...more }, { limit: 1_000 })).data;
  const faults = async () => (await audit.verify()).map(({ fault }) => fault);
  const sound = [undefined, undefined];

  it('tells who did what, in the order it happened, and follows on', async () => {
    const entries = await all(kitchen.restaurantId);
    expect(entries.length).toBeGreaterThan(10);
    expect(entries.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['partners.restaurant_opened', 'partners.staff_added', 'catalogue.item_added']),
    );
    expect(entries.every(({ restaurantId }) => restaurantId === kitchen.restaurantId)).toBe(true);
    expect(entries.map(({ eventId }) => eventId)).toEqual(
      entries
        .map(({ eventId }) => eventId)
        .toSorted()
        .reverse(),
    );
    const added = entries.find(({ type }) => type === 'catalogue.item_added');
    expect(added).toMatchObject({ class: 'standard', actor: expect.stringMatching(/^account:/), at: START, data: { item: { name: 'Tea' } } });
    expect(entries.find(({ type }) => type === 'partners.staff_added')?.class).toBe('sensitive');
    expect(await faults()).toEqual(sound);
  });

  it('keeps an order without all of its facts, and nothing of what follows by itself', async () => {
    const order = (await world.order(kitchen.body([kitchen.line('thali')]), kitchen.customer)).body;
    await kitchen.act(order.id, 'acceptance');
    await log.settle();
    const entries = await all(kitchen.restaurantId, { stream: `order:${order.id}` });
    expect(entries.map(({ type }) => type)).toEqual(['ordering.order_accepted', 'ordering.order_placed']);
    expect(entries[1]?.data).toMatchObject({ orderId: order.id, to: 'placed' });
    expect(entries[1]?.data).not.toHaveProperty('order');
    expect((await all()).some(({ type }) => /reserved|rotated|rehashed/.test(type))).toBe(false);
  });

  it('takes each event once, however often the log is told again', async () => {
    const before = await all();
    await log.replay('audit-trail');
    await log.settle();
    expect(await all()).toEqual(before);
    expect((await log.lag()).find(({ name }) => name === 'audit-trail')).toMatchObject({ behind: 0, retrying: 0, parked: 0 });
    expect(await faults()).toEqual(sound);
  });

  it('takes what many write at once', async () => {
    const before = (await all(kitchen.restaurantId)).length;
    const bodies = Array.from({ length: 25 }, (_, i) => ({ name: `Shelf ${i}`, unit: 'kg', lowStockThreshold: 1 }));
    await Promise.all(bodies.map((body) => world.post(`/restaurants/${kitchen.restaurantId}/stock-items`, body, kitchen.owner)));
    await log.settle();
    expect((await all(kitchen.restaurantId)).length).toBe(before + 25);
    expect(await faults()).toEqual(sound);
  });

  it.each<[string, () => object, (entry: AuditEntry) => boolean]>([
    ['a class', () => ({ class: 'sensitive' }), (entry) => entry.class === 'sensitive'],
    ['a type', () => ({ type: 'catalogue.item_added' }), ({ type }) => type === 'catalogue.item_added'],
    ['a family of types', () => ({ type: 'catalogue.' }), ({ type }) => type.startsWith('catalogue.')],
    ['a word', () => ({ word: 'LENTILS' }), ({ data }) => JSON.stringify(data).includes('Lentils')],
    ['a word with a sign that a pattern would take for any', () => ({ word: 'Len_ils' }), () => false],
    ['an actor', () => ({ actor: 'system:test' }), ({ actor }) => actor === 'system:test'],
    ['a time before', () => ({ to: START }), () => false],
    ['a time from', () => ({ from: START }), () => true],
  ])('finds by %s', async (_what, search, matches) => {
    const found = await all(null, search());
    expect(found).toEqual((await all()).filter(matches));
  });

  it('pages to the end, and counts what it finds', async () => {
    const entries = await all(kitchen.restaurantId);
    const paged: AuditEntry[] = [];
    let after: string | undefined;
    do {
      const page = await audit.entries({ restaurantId: kitchen.restaurantId }, { limit: 7, ...(after && { after }) });
      paged.push(...page.data);
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(paged).toEqual(entries);

    const { total, classes, types, actors, days } = await audit.statistics({ restaurantId: kitchen.restaurantId });
    expect(total).toBe(entries.length);
    const dayOf = ({ at }: AuditEntry) => new Date(at).toISOString().slice(0, 10);
    const counts = Object.entries(Object.groupBy(entries, dayOf)).map(([name, ofDay]) => ({ name, count: ofDay?.length }));
    expect(days).toEqual(counts.toSorted((a, b) => (a.name < b.name ? 1 : -1)));
    for (const [counted, nameOf] of [
      [classes, (entry: AuditEntry) => entry.class],
      [types, (entry: AuditEntry) => entry.type],
      [actors, (entry: AuditEntry) => entry.actor],
    ] as const) {
      for (const { name, count } of counted) expect([name, entries.filter((entry) => nameOf(entry) === name).length]).toEqual([name, count]);
      expect(counted.map(({ count }) => count)).toEqual(counted.map(({ count }) => count).toSorted((a, b) => b - a));
    }
  });

  it('is read over HTTP by owners of their restaurant and by admins of all, and exported', async () => {
    const path = `/restaurants/${kitchen.restaurantId}/audit`;
    const page = await world.get(`${path}?limit=2&type=catalogue.`, kitchen.owner);
    expect([page.status, page.body.data.length, page.headers.get('link')]).toEqual([200, 2, expect.stringContaining('type=catalogue.')]);
    expect((await world.get(path, kitchen.customer)).status).toBe(403);
    expect((await world.get(path, elsewhere.owner)).status).toBe(404);
    expect((await world.get('/audit', kitchen.owner)).status).toBe(403);
    expect((await world.get(`${path}?word=%25`, kitchen.owner)).status).toBe(400);
    expect((await world.get(`${path}?from=yesterday`, kitchen.owner)).status).toBe(400);

    const admin = await world.account(`auditor-${profile}@audit.test`, 'admin');
    expect((await world.get('/audit/statistics', admin.token)).body.total).toBe((await all()).length);

    const hostile = '=HYPERLINK("http://evil.example")';
    await world.post(`/restaurants/${kitchen.restaurantId}/menu/categories`, { name: hostile }, kitchen.owner);
    await log.settle();
    const lines = (await world.get(`${path}/entries.ndjson`, kitchen.owner)).body.trim().split('\n');
    expect(lines.length).toBe((await all(kitchen.restaurantId)).length);
    expect(JSON.parse(lines[0])).toMatchObject({ type: 'catalogue.category_added', data: { category: { name: hostile } } });
    const csv = await world.get(`${path}/entries.csv?limit=1`, kitchen.owner);
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('link')).toContain('/entries.csv?limit=1');
    expect(csv.body.split('\r\n')[0]).toBe('id,class,seq,at,type,actor,restaurantId,stream,data,hash');
    expect(csv.body.split('\r\n').length).toBe(3);
  });

  it('lets what is old go class by class, can still be checked, and takes none of it back', async () => {
    const prune = world.container.getAll(Platform.jobs).find(({ name }) => name === 'audit-prune') as Job;
    const before = await all();
    clock.at = START + 365 * DAY;
    expect(await prune.run()).toBe(0); // To the day.
    await kitchen.signIn();
    await log.settle();
    clock.at = START + 366 * DAY;
    const standard = before.filter((entry) => entry.class === 'standard').length;
    expect(await prune.run()).toBe(standard);
    expect((await all()).filter((entry) => entry.class === 'standard')).toEqual([]);
    expect((await all()).filter((entry) => entry.at === START).length).toBe(before.length - standard);
    expect(await faults()).toEqual(sound);

    await log.replay('audit-trail');
    await log.settle();
    expect((await all()).some((entry) => entry.class === 'standard')).toBe(false);

    await kitchen.signIn();
    await world.post(`/restaurants/${kitchen.restaurantId}/menu/categories`, { name: 'A year later' }, kitchen.owner);
    await log.settle();
    expect((await all(null, { class: 'standard' })).map(({ type, seq }) => [type, seq])).toEqual([['catalogue.category_added', standard + 1]]);
    expect(await faults()).toEqual(sound);

    clock.at = START + (2_557 + 1) * DAY;
    expect(await prune.run()).toBeGreaterThan(before.length - standard - 1);
    expect((await all()).some((entry) => entry.at === START)).toBe(false);
    expect(await faults()).toEqual(sound);
    clock.at = START;
  });
});
