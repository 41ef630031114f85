import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('talking about an order on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let cook: string;
  let rider: string;
  let stranger: string;
  const clock = new VirtualClock(Date.now());
  beforeAll(async () => {
    world = await startWorld(profile, clock.override());
    kitchen = await openKitchen(world);
    const join = async (email: string, role: string) => {
      const { token } = await world.account(email);
      await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email, role }, kitchen.owner);
      return token;
    };
    cook = await join('cook@support.test', 'kitchen');
    rider = await join('rider@support.test', 'rider');
    stranger = (await world.account('stranger@support.test')).token;
  });
  afterAll(() => world?.close());

  const order = async (): Promise<string> => (await world.order(kitchen.body([kitchen.line('dal')]), kitchen.customer)).body.id;
  const at = (orderId: string, rest = '') => `/orders/${orderId}/messages${rest}`;
  const post = (orderId: string, text: string, token: string, more: object = {}) => world.post(at(orderId), { text, ...more }, token);
  const read = async (orderId: string, token: string, query = ''): Promise<Json> => (await world.get(at(orderId, query), token)).body;
  const receipt = (orderId: string, seq: number, token: string) => world.call('PUT', at(orderId, '/receipt'), { token, body: { seq } });
  const texts = ({ data }: Json): string[] => data.map(({ text }: Json) => text);

  it('begins empty, and everybody who has to do with it reads the same in the same order', async () => {
    const orderId = await order();
    expect(await read(orderId, kitchen.customer)).toEqual({ threadId: null, lastSeq: 0, unread: 0, readUpTo: 0, data: [] });
    expect(await post(orderId, ' Ring twice. ', kitchen.customer)).toMatchObject({
      status: 201,
      body: { seq: 1, side: 'customer', text: 'Ring twice.', isYours: true, authorId: null, isInternal: false },
    });
    expect((await post(orderId, 'We will.', cook)).body).toMatchObject({ seq: 2, side: 'restaurant', isYours: true });
    expect((await post(orderId, 'On my way', rider)).body).toMatchObject({ seq: 3, side: 'rider' });
    const seen = await read(orderId, kitchen.customer);
    expect(seen.data.map(({ seq, side, isYours, authorId }: Json) => [seq, side, isYours, authorId])).toEqual([
      [1, 'customer', true, null],
      [2, 'restaurant', false, null],
      [3, 'rider', false, null],
    ]);
    expect(seen).toMatchObject({ lastSeq: 3, unread: 2, readUpTo: 3 });
    expect(texts(await read(orderId, kitchen.owner))).toEqual(texts(seen));
    expect((await read(orderId, kitchen.owner)).data[2].authorId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is nobody else’s business', async () => {
    const orderId = await order();
    await post(orderId, 'Hello', kitchen.customer);
    const other = await openKitchen(world);
    for (const token of [stranger, other.owner, other.customer]) {
      const refused = { status: 404, body: { code: 'support.order_not_found' } };
      expect(await post(orderId, 'x', token)).toMatchObject(refused);
      expect(await world.get(at(orderId), token)).toMatchObject(refused);
      expect(await receipt(orderId, 1, token)).toMatchObject(refused);
    }
    expect((await world.get(`/restaurants/${kitchen.restaurantId}/conversations`, other.owner)).status).toBe(404);
    expect((await world.get(at(orderId))).status).toBe(401);
    expect((await read(orderId, kitchen.customer)).lastSeq).toBe(1);
  });

  it('says once what is sent twice under one name, also at once', async () => {
    const orderId = await order();
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(orderId, 'Hello?', kitchen.customer, { clientId: 'phone-1' })));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await post(orderId, 'Hello?', cook, { clientId: 'phone-1' })).body.seq).toBe(2); // Another's name is another's.
    expect(texts(await read(orderId, cook))).toEqual(['Hello?', 'Hello?']);
  });

  it('numbers what is said at once without a gap', async () => {
    const orderId = await order();
    const speakers = [kitchen.customer, cook, rider, kitchen.owner];
    const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => post(orderId, `word ${n}`, speakers[n % 4] as string)));
    expect(answers.map(({ body }) => body.seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, n) => n + 1));
    expect(await read(orderId, cook)).toMatchObject({ lastSeq: 16 });
  });

  it('is read in stretches, backwards and on from where one was', async () => {
    const orderId = await order();
    for (let n = 1; n <= 5; n++) await post(orderId, String(n), cook);
    expect(texts(await read(orderId, kitchen.customer, '?limit=2'))).toEqual(['4', '5']);
    expect(texts(await read(orderId, kitchen.customer, '?limit=2&before=4'))).toEqual(['2', '3']);
    expect(texts(await read(orderId, kitchen.customer, '?limit=2&after=2'))).toEqual(['3', '4']);
    expect(texts(await read(orderId, kitchen.customer, '?after=5'))).toEqual([]);
    expect((await world.get(at(orderId, '?after=1&before=3'), kitchen.customer)).status).toBe(400);
  });

  it('knows how far the other side has read', async () => {
    const orderId = await order();
    await post(orderId, 'one', kitchen.customer);
    await post(orderId, 'two', kitchen.customer);
    expect(await read(orderId, kitchen.customer)).toMatchObject({ unread: 0, readUpTo: 0 });
    expect(await read(orderId, cook)).toMatchObject({ unread: 2 });
    expect((await receipt(orderId, 1, cook)).status).toBe(204);
    expect(await read(orderId, kitchen.customer)).toMatchObject({ readUpTo: 1 });
    expect((await receipt(orderId, 2, cook)).status).toBe(204);
    expect((await receipt(orderId, 1, cook)).status).toBe(204); // Late, and changes nothing.
    expect(await read(orderId, kitchen.customer)).toMatchObject({ readUpTo: 2 });
    expect(await receipt(orderId, 3, cook)).toMatchObject({ status: 409, body: { code: 'support.nothing_to_read', lastSeq: 2 } });
  });

  it('lists conversations by their newest message, with what one has not read', async () => {
    const [first, second] = [await order(), await order()];
    await post(first, 'a', cook);
    await post(second, 'b', cook);
    await post(first, 'c', cook);
    const { body } = await world.get('/me/conversations?limit=2', kitchen.customer);
    expect(body.data.map(({ orderId, unread }: Json) => [orderId, unread])).toEqual([
      [first, 2],
      [second, 1],
    ]);
    const rest = await world.get(`/me/conversations?limit=100&after=${body.next}`, kitchen.customer);
    expect(rest.body.data.some(({ orderId }: Json) => orderId === first)).toBe(false);
    const there = await world.get(`/restaurants/${kitchen.restaurantId}/conversations?limit=1`, cook);
    expect(there.body.data).toMatchObject([{ orderId: first, unread: 0 }]);
  });

  it.each([
    ['no text', { text: ' ' }, '/body/text'],
    ['too much of it', { text: 'x'.repeat(4_001) }, '/body/text'],
    ['what hides in it', { text: 'a\u202eb' }, '/body/text'],
    ['a name with spaces', { text: 'x', clientId: 'a b' }, '/body/clientId'],
    ['what we do not know', { text: 'x', isInternal: true }, '/body/isInternal'],
  ])('takes no message with %s', async (_what, body, pointer) => {
    const orderId = await order();
    const refused = await world.post(at(orderId), body, kitchen.customer);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    expect((await read(orderId, kitchen.customer)).lastSeq).toBe(0);
  });

  it('goes on for a week after the order has ended, and as long as it has not', async () => {
    const [ended, waiting] = [await order(), await order()];
    await post(ended, 'Thank you', kitchen.customer, { clientId: 'last' });
    await kitchen.act(ended, 'rejection', kitchen.owner, { reason: 'closed' });
    clock.advance(7 * 24 * 60 * 60_000 - 1_000);
    await kitchen.signIn();
    expect((await post(ended, 'One more thing', kitchen.customer)).status).toBe(201);
    clock.advance(1_000);
    expect(await post(ended, 'And another', kitchen.customer)).toMatchObject({ status: 409, body: { code: 'support.conversation_over' } });
    expect((await post(ended, 'Thank you', kitchen.customer, { clientId: 'last' })).body).toMatchObject({ seq: 1 }); // Said in time.
    expect((await post(waiting, 'Where is it?', kitchen.customer)).status).toBe(201);
  });
});
