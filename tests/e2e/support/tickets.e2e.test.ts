import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOf } from '#adapters/postgres/sql.ts';
import { SUPPORT_INVARIANTS } from '#adapters/postgres/support/invariants.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe.each(PROFILES)('tickets on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let platform: string;
  const waiter = { token: '', accountId: '' };
  const clock = new VirtualClock(Date.now());
  /** Access tokens last a quarter of an hour. */
  const wait = async (ms: number, who = kitchen) => {
    clock.advance(ms);
    await who.signIn();
    platform = await world.signIn('helper@support.test');
    waiter.token = await world.signIn('waiter@support.test');
  };
  beforeAll(async () => {
    world = await startWorld(profile, clock.override());
    kitchen = await openKitchen(world);
    platform = (await world.account('helper@support.test', 'support')).token;
    Object.assign(waiter, await world.account('waiter@support.test'));
    await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email: 'waiter@support.test', role: 'waiter' }, kitchen.owner);
  });
  afterAll(async () => {
    if (world?.database.store.kind === 'sql') {
      const sql = sqlOf(world.database.store.orm.em.fork());
      for (const { id, sql: text } of SUPPORT_INVARIANTS) expect([id, await sql(text)]).toEqual([id, []]);
    }
    await world?.close();
  });

  const desk = (rest: string) => `/restaurants/${kitchen.restaurantId}/support/${rest}`;
  const open = (body: object, token = kitchen.customer) => world.post('/support/tickets', { title: 'Cold', text: 'It was cold.', ...body }, token);
  const mine = async (): Promise<Json> => (await open({ restaurantId: kitchen.restaurantId })).body;
  const write = (id: string, body: object, token: string) => world.post(`/support/tickets/${id}/messages`, body, token);
  const ticket = async (id: string, token = kitchen.owner): Promise<Json> => (await world.get(`/support/tickets/${id}`, token)).body;
  const move = (id: string, status: string, token = kitchen.owner) => world.call('PUT', `/support/tickets/${id}/status`, { token, body: { status } });
  const assign = (id: string, assigneeId: string | null, token = kitchen.owner) =>
    world.call('PUT', `/support/tickets/${id}/assignee`, { token, body: { assigneeId } });
  const runJob = async () => {
    const job = world.container.getAll(Platform.jobs).find(({ name }) => name === 'support-close-tickets');
    return job?.run();
  };
  const owner = async (): Promise<string> => (await world.get('/me', kitchen.owner)).body.id;

  it('are opened about an order of one’s own, answered, asked on and resolved', async () => {
    const orderId = (await world.order(kitchen.body([kitchen.line('dal')]), kitchen.customer)).body.id;
    const opened = await open({ orderId, category: 'payment' });
    expect(opened).toMatchObject({
      status: 201,
      body: {
        restaurantId: kitchen.restaurantId,
        orderId,
        status: 'open',
        priority: 'high',
        assigneeId: null,
        firstResponseSeconds: null,
        version: 1,
      },
    });
    const { id } = opened.body;
    expect(opened.headers.get('location')).toBe(`/support/tickets/${id}`);
    await wait(10 * MINUTE);
    expect((await write(id, { text: 'We look into it.' }, kitchen.owner)).body).toMatchObject({ seq: 2, side: 'restaurant' });
    expect(await ticket(id)).toMatchObject({ status: 'waiting', firstResponseSeconds: 600 });
    await wait(60 * MINUTE);
    expect((await write(id, { text: 'And?' }, kitchen.customer)).body).toMatchObject({ seq: 3, side: 'customer' });
    expect(await ticket(id, kitchen.customer)).toMatchObject({ status: 'open' });
    await wait(5 * MINUTE);
    expect(await move(id, 'resolved')).toMatchObject({
      status: 200,
      body: { status: 'resolved', resolutionSeconds: 900, firstResponseSeconds: 600 },
    });
    expect((await move(id, 'resolved')).status).toBe(200); // As it is already.
  });

  it('are no business of strangers, of another restaurant, or of who may not answer', async () => {
    const { id } = await mine();
    const other = await openKitchen(world);
    const stranger = (await world.account(`stranger-${profile}@support.test`)).token;
    for (const token of [other.owner, other.customer, stranger, waiter.token]) {
      const refused = { status: 404, body: { code: 'support.ticket_not_found' } };
      expect(await world.get(`/support/tickets/${id}`, token)).toMatchObject(refused);
      expect(await world.get(`/support/tickets/${id}/messages`, token)).toMatchObject(refused);
      expect(await write(id, { text: 'x' }, token)).toMatchObject(refused);
      expect(await move(id, 'resolved', token)).toMatchObject(refused);
      expect(await assign(id, null, token)).toMatchObject(refused);
    }
    expect(await move(id, 'resolved', kitchen.customer)).toMatchObject({ status: 403, body: { code: 'support.not_permitted' } });
    expect((await world.get(desk('tickets'), other.owner)).status).toBe(404);
    expect((await world.get('/support/tickets', kitchen.owner)).status).toBe(403);
    expect((await open({ orderId: (await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer)).body.id }, stranger)).status).toBe(404);
    expect((await open({ restaurantId: id })).body.code).toBe('support.restaurant_not_found');
  });

  it('say once what is sent twice under one name, and are moved by it once', async () => {
    const { id } = await mine();
    const say = () => write(id, { text: 'On it.', clientId: 'desk-1' }, kitchen.owner);
    const answers = await Promise.all([say(), say(), say()]);
    expect(answers.map(({ status, body }) => [status, body.seq])).toEqual(Array(3).fill([201, 2]));
    await move(id, 'open');
    expect((await say()).body.seq).toBe(2);
    expect(await ticket(id)).toMatchObject({ status: 'open' });
  });

  it('of the platform are answered by the platform', async () => {
    const { id, restaurantId } = (await open({ category: 'account' })).body;
    expect(restaurantId).toBeNull();
    expect(await world.get(`/support/tickets/${id}`, kitchen.owner)).toMatchObject({ status: 404 });
    expect((await write(id, { text: 'Here to help.' }, platform)).body).toMatchObject({ side: 'support' });
    expect((await world.get('/support/tickets?status=waiting', platform)).body.data).toMatchObject([{ id }]);
    expect((await world.get(desk('tickets'), platform)).status).toBe(200); // And it helps at every restaurant.
  });

  it('have notes that colleagues see and customers do not', async () => {
    const { id } = await mine();
    expect((await write(id, { text: 'Watch out, a critic.', isInternal: true }, kitchen.owner)).status).toBe(201);
    expect(await ticket(id)).toMatchObject({ status: 'open', firstResponseSeconds: null });
    const texts = async (token: string) => (await world.get(`/support/tickets/${id}/messages`, token)).body.data.map(({ text }: Json) => text);
    expect(await texts(kitchen.owner)).toEqual(['It was cold.', 'Watch out, a critic.']);
    expect(await texts(kitchen.customer)).toEqual(['It was cold.']);
    expect(await write(id, { text: 'x', isInternal: true }, kitchen.customer)).toMatchObject({ status: 403, body: { code: 'support.staff_only' } });
  });

  it('are given to who can answer, and sorted', async () => {
    const { id } = await mine();
    const me = await owner();
    expect((await assign(id, me)).body).toMatchObject({ assigneeId: me, version: 2 });
    expect((await assign(id, me)).body).toMatchObject({ assigneeId: me, version: 2 });
    expect(await assign(id, waiter.accountId)).toMatchObject({ status: 422, body: { code: 'support.assignee_cannot_answer' } });
    expect((await world.get(desk(`tickets?assigneeId=${me}&status=open`), kitchen.owner)).body.data).toMatchObject([{ id }]);
    expect((await world.call('PATCH', `/support/tickets/${id}`, { token: kitchen.owner, body: { priority: 'urgent' } })).body).toMatchObject({
      priority: 'urgent',
      category: 'other',
    });
    expect((await assign(id, null)).body.assigneeId).toBeNull();
    expect(await move(id, 'closed')).toMatchObject({ status: 400 });
  });

  it('are answered from what is kept for it, with the facts filled in', async () => {
    const orderId = (await world.order(kitchen.body([kitchen.line('dal')]), kitchen.customer)).body;
    const { id } = (await open({ orderId: orderId.id })).body;
    const words = { title: 'Sorry', text: 'Dear {customer}, we are sorry about {order}.' };
    const kept = await world.post(desk('canned-replies'), words, kitchen.owner);
    expect(kept).toMatchObject({ status: 201, body: { ...words, version: 1 } });
    const { id: cannedReplyId } = kept.body;
    const name = (await world.get('/me', kitchen.customer)).body.displayName;
    const number = String(orderId.number).padStart(4, '0');
    expect((await write(id, { cannedReplyId }, kitchen.owner)).body.text).toBe(`Dear ${name}, we are sorry about ${number}.`);
    const gone = { status: 404, body: { code: 'support.canned_reply_not_found' } };
    expect(await write(id, { cannedReplyId }, kitchen.customer)).toMatchObject(gone);
    const other = await openKitchen(world);
    const there = `/restaurants/${other.restaurantId}/support/canned-replies/${cannedReplyId}`;
    expect(await world.call('DELETE', there, { token: other.owner })).toMatchObject(gone);
    expect(await world.call('PUT', there, { token: other.owner, body: words })).toMatchObject(gone);

    const here = desk(`canned-replies/${cannedReplyId}`);
    const rewrite = (version: string) => world.call('PUT', here, { token: kitchen.owner, body: words, headers: { 'if-match': version } });
    expect((await rewrite('"1"')).body.version).toBe(2);
    expect(await rewrite('"1"')).toMatchObject({ status: 412, body: { code: 'support.changed_meanwhile', version: 2 } });
    expect((await world.call('DELETE', here, { token: kitchen.owner })).status).toBe(204);
    expect(await world.call('DELETE', here, { token: kitchen.owner })).toMatchObject(gone);
    expect((await world.get(desk('canned-replies'), kitchen.owner)).body.data).toEqual([]);
    expect((await world.post('/support/canned-replies', words, kitchen.owner)).status).toBe(403);
  });

  it('close for ever a week after they were resolved, and not before', async () => {
    const { id } = await mine();
    await move(id, 'resolved');
    await wait(7 * DAY - MINUTE);
    expect(await runJob()).toBeGreaterThanOrEqual(0);
    expect(await ticket(id)).toMatchObject({ status: 'resolved' });
    await wait(2 * MINUTE);
    expect(await write(id, { text: 'Still cold' }, kitchen.customer)).toMatchObject({ status: 409, body: { code: 'support.ticket_closed' } });
    expect(await runJob()).toBeGreaterThanOrEqual(1);
    expect(await ticket(id)).toMatchObject({ status: 'closed', version: 3 });
    expect(await write(id, { text: 'Too late' }, kitchen.owner)).toMatchObject({ status: 409, body: { code: 'support.ticket_closed' } });
    expect(await move(id, 'open')).toMatchObject({ status: 409, body: { code: 'support.ticket_cannot_move', allowed: [] } });
  });

  it('tell how quickly they are answered', async () => {
    const quiet = await openKitchen(world);
    const statistics = `/restaurants/${quiet.restaurantId}/support/statistics`;
    const start = clock.now();
    for (const minutes of [10, 20, 60]) {
      const { id } = (await open({ restaurantId: quiet.restaurantId }, quiet.customer)).body;
      await wait(minutes * MINUTE, quiet);
      await write(id, { text: 'Yes?' }, quiet.owner);
      if (minutes === 60) await move(id, 'resolved', quiet.owner);
    }
    const period = `?from=${new Date(start - DAY).toISOString()}&to=${new Date(start + DAY).toISOString()}`;
    const { body } = await world.get(statistics + period, quiet.owner);
    expect(body.byStatus).toEqual({ open: 0, waiting: 2, resolved: 1, closed: 0 });
    expect(body.opened).toBe(3);
    expect(body.firstResponse).toEqual({ count: 3, medianSeconds: 1_200, p90Seconds: 3_120 });
    expect(body.resolution).toEqual({ count: 1, medianSeconds: 3_600, p90Seconds: 3_600 });
    expect((await world.get(statistics, quiet.owner)).status).toBe(400);
    expect((await world.get(statistics + period, quiet.customer)).status).toBe(403);
  });

  it('of one person are so many, and are listed to them', async () => {
    const { token } = await world.account(`asker-${profile}@support.test`);
    for (let n = 0; n < 20; n++) expect((await open({ title: `Ticket ${n}` }, token)).status).toBe(201);
    expect(await open({}, token)).toMatchObject({ status: 409, body: { code: 'support.too_many_tickets', limit: 20 } });
    const { body } = await world.get('/me/tickets?limit=15', token);
    expect(body.data.map(({ title }: Json) => title)).toEqual(Array.from({ length: 15 }, (_, n) => `Ticket ${19 - n}`));
    expect((await world.get(`/me/tickets?limit=15&after=${body.next}`, token)).body).toMatchObject({ next: null });
  });
});
