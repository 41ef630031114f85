import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimDeliveries } from '#application/webhooks/claim-deliveries.ts';
import type { Answer, OutgoingRequest, WebhooksDeps } from '#application/webhooks/ports.ts';
import { sendDelivery } from '#application/webhooks/send-delivery.ts';
import { Webhooks } from '#composition/modules/webhooks.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { Delivery, LEASE_MS } from '#domain/webhooks/delivery.ts';
import { eventsOf } from '../../support/events.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const TESTS = system('test');
const FIRST = '00000000-0000-0000-0000-000000000000';
const accepted: Answer = { durationMs: 3, statusCode: 200, fault: null, excerpt: 'fine', retryAfterMs: null };

describe.each(PROFILES)('deliveries on %s', (profile) => {
  let world: World;
  let deps: WebhooksDeps;
  let restaurantId: string;
  const clock = new VirtualClock(1_764_000_000_000);
  const posted: OutgoingRequest[] = [];
  let answer: (request: OutgoingRequest) => Promise<Answer> | Answer;
  beforeAll(async () => {
    const outgoing = {
      faultOf: async () => undefined,
      async post(request: OutgoingRequest) {
        posted.push(request);
        return answer(request);
      },
    };
    world = await startWorld(
      profile,
      clock.override(),
      new ContainerModule(({ rebind }) => void rebind(Webhooks.outgoing).toConstantValue(outgoing)),
    );
    await world.container.get(Webhooks.dispatcher).stop(); // Here the tests are the workers.
    deps = world.container.get(Webhooks.deps);
  });
  afterAll(() => world?.close());
  beforeEach(() => {
    answer = () => accepted;
    posted.length = 0;
    restaurantId = crypto.randomUUID();
    return drain; // Nothing of one test is due in the next.
  });

  const endpoint = async (eventTypes: readonly string[] = ['*']) =>
    must(await world.container.get(Webhooks.useCases).addEndpoint({ restaurantId, url: 'https://eat.test/hook', description: '', eventTypes }, TESTS))
      .endpoint;
  const draft = (endpointId: string, eventId: string | null = crypto.randomUUID()) =>
    Delivery.queue({ id: deps.ids.next(), restaurantId, endpointId, eventId, eventType: 'order.created', body: '{"a":1}' }, clock.now());
  const add = (...changes: ReturnType<typeof draft>[]) =>
    deps.uow.run(TESTS, async ({ deliveries }) => {
      await deliveries.add(changes);
      return ok(undefined);
    });
  const queue = async (endpointId: string, count: number): Promise<string[]> => {
    const changes = Array.from({ length: count }, () => draft(endpointId));
    await add(...changes);
    return changes.map(({ state }) => state.id);
  };
  const claim = (request: object = {}) => claimDeliveries(deps)({ limit: 100, perEndpoint: 100, underWay: {}, after: FIRST, ...request });
  const send = sendOf(() => deps);
  const ids = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ id }) => id);
  const found = (one: { readonly endpointId: string; readonly id: string }) => deps.queries.delivery(restaurantId, one.endpointId, one.id);
  async function drain(): Promise<void> {
    answer = () => accepted;
    clock.advance(LEASE_MS);
    for (let taken = await claim(); taken.count > 0; taken = await claim()) for (const one of taken.toSend) await send(one);
  }

  it('are queued once for an event and an endpoint, with their events, or not at all', async () => {
    const { id } = await endpoint();
    const once = draft(id);
    const again = { ...draft(id), state: { ...draft(id).state, eventId: once.state.eventId } };
    await add(once, again);
    await add(again, draft(id));
    await deps.uow.run(TESTS, async ({ deliveries }) => {
      await deliveries.add([draft(id)]);
      return err('no');
    });
    const { data } = await deps.queries.deliveries(restaurantId, id, {}, { limit: 10 });
    expect(data).toHaveLength(2);
    expect(data).toContainEqual({ ...once.state, version: 1 });
    const queued = (await eventsOf(world.container)).filter(
      (event) => event.type === 'webhooks.delivery_queued' && event['restaurantId'] === restaurantId,
    );
    expect(queued).toHaveLength(2);
  });

  it('are each taken by one of five workers who look at once, and sent once', async () => {
    const { id } = await endpoint();
    const queued = await queue(id, 20);
    const taken = await Promise.all(Array.from({ length: 5 }, () => claim({ limit: 20 })));
    const all = taken.flatMap(({ toSend }) => ids(toSend));
    expect([...all].sort()).toEqual([...queued].sort());
    expect((await claim()).count).toBe(0);
    await Promise.all(taken.flatMap(({ toSend }) => toSend.map(send)));
    expect(posted.map(({ headers }) => headers['webhook-id']).sort()).toEqual([...queued].sort());
    const { data } = await deps.queries.deliveries(restaurantId, id, { status: 'succeeded' }, { limit: 100 });
    expect(data).toHaveLength(20);
  });

  it('of one that died are taken up when its lease is over, and what it says later counts no more', async () => {
    const { id } = await endpoint();
    const [deliveryId] = await queue(id, 1);
    const [first] = (await claim()).toSend as [Delivery];
    clock.advance(LEASE_MS - 1);
    expect((await claim()).count).toBe(0);
    clock.advance(1);
    const [second] = (await claim()).toSend as [Delivery];
    expect([first.id, second.id, second.attempts, second.claims]).toEqual([deliveryId, deliveryId, 2, 2]);
    answer = () => ({ ...accepted, statusCode: 500 });
    expect(await send(first)).toBeUndefined();
    expect(await found(second)).toMatchObject({ status: 'sending', history: [] });
    answer = () => accepted;
    expect(await send(second)).toMatchObject({ status: 'succeeded' });
    expect(await send(first)).toBeUndefined();
    expect(new Set(posted.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
  });

  it('are sent again, under the same id, when the process dies between sending and noting it', async () => {
    const { id } = await endpoint();
    await queue(id, 1);
    answer = () => Promise.reject(new Error('the process died here'));
    const [taken] = (await claim()).toSend as [Delivery];
    await expect(send(taken)).rejects.toThrow('died');
    expect((await claim()).count).toBe(0);
    answer = () => accepted;
    clock.advance(LEASE_MS);
    const [again] = (await claim()).toSend as [Delivery];
    expect(await send(again)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(new Set(posted.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(posted).toHaveLength(2);
  });

  it('are taken the oldest first, few of one endpoint, one of one that fails, and of all in turn', async () => {
    const [one, other, failing] = (await Promise.all([endpoint(), endpoint(), endpoint()])).sort((a, b) => (a.id < b.id ? -1 : 1)) as [
      { id: string },
      { id: string },
      { id: string },
    ];
    answer = () => ({ ...accepted, statusCode: 500 });
    await queue(failing.id, 1);
    for (const taken of (await claim()).toSend) await send(taken);
    clock.advance(1);
    const mine = await queue(one.id, 5);
    await queue(other.id, 5);
    await queue(failing.id, 5);

    const countOf = (taken: { toSend: readonly Delivery[] }) =>
      [one, other, failing].map(({ id }) => taken.toSend.filter((d) => d.endpointId === id).length);
    const first = await claim({ perEndpoint: 3, underWay: { [other.id]: 2 } });
    expect(countOf(first)).toEqual([3, 1, 1]);
    expect(ids(first.toSend.filter((d) => d.endpointId === one.id)).sort()).toEqual(mine.slice(0, 3).sort());
    const inTurn = await claim({ perEndpoint: 1, limit: 1 });
    expect([countOf(inTurn), inTurn.last]).toEqual([[1, 0, 0], one.id]);
    expect(countOf(await claim({ perEndpoint: 1, limit: 1, after: one.id }))).toEqual([0, 1, 0]);
    expect(countOf(await claim({ perEndpoint: 1, underWay: { [failing.id]: 1 }, after: other.id }))).toEqual([0, 0, 0]);
  });

  it('are not sent to an endpoint that was disabled or deleted meanwhile', async () => {
    const webhooks = world.container.get(Webhooks.useCases);
    for (const [move, left] of [
      [webhooks.disableEndpoint, 'endpoint_disabled'],
      [webhooks.deleteEndpoint, 'endpoint_disabled'],
    ] as const) {
      const { id: endpointId } = await endpoint();
      const [id] = (await queue(endpointId, 1)) as [string];
      must(await move({ restaurantId, endpointId }, TESTS));
      expect(await claim()).toMatchObject({ toSend: [], count: 1 });
      expect(await found({ endpointId, id })).toMatchObject({ status: 'failed', failure: left, attempts: 0 });
    }
    expect(posted).toEqual([]);
  });

  it('say so when their secret cannot be opened any more', async () => {
    const { id } = await endpoint();
    await queue(id, 1);
    const [taken] = (await claim()).toSend as [Delivery];
    const locked = {
      ...deps,
      vault: {
        ...deps.vault,
        open: () => {
          throw new Error('sealed with a key there is not');
        },
      },
    };
    expect(await sendDelivery(locked)(taken)).toMatchObject({ status: 'waiting', history: [{ fault: 'secret_unreadable', statusCode: null }] });
    expect(posted).toEqual([]);
  });

  it('that failed are replayed by one of two who ask at once', async () => {
    const { id: endpointId } = await endpoint();
    await queue(endpointId, 3);
    answer = () => ({ ...accepted, statusCode: 410 });
    for (const taken of (await claim()).toSend) await send(taken);
    must(await world.container.get(Webhooks.useCases).enableEndpoint({ restaurantId, endpointId }, TESTS));
    const range = { restaurantId, endpointId, from: clock.now(), to: clock.now() + 1 };
    const answers = await Promise.all([1, 2].map(() => world.container.get(Webhooks.useCases).replayFailed(range, TESTS)));
    expect(answers.map((one) => must(one).replayed).sort()).toEqual([0, 3]);
    expect((await deps.queries.deliveries(restaurantId, endpointId, { status: 'waiting' }, { limit: 10 })).data).toHaveLength(3);
    expect(must(await world.container.get(Webhooks.useCases).replayFailed({ ...range, from: 0, to: clock.now() }, TESTS))).toEqual({
      replayed: 0,
      hasMore: false,
    });
  });

  it('are listed by status, newest first, page by page, and only to their restaurant', async () => {
    const { id } = await endpoint();
    const queued = await queue(id, 5);
    const first = await deps.queries.deliveries(restaurantId, id, { status: 'waiting' }, { limit: 3 });
    const second = await deps.queries.deliveries(restaurantId, id, {}, { limit: 3, after: first.next as string });
    expect(ids([...first.data, ...second.data])).toEqual(queued.toReversed());
    expect([second.next, (await deps.queries.deliveries(restaurantId, id, { status: 'failed' }, { limit: 3 })).data]).toEqual([null, []]);
    const other = crypto.randomUUID();
    expect((await deps.queries.deliveries(other, id, {}, { limit: 3 })).data).toEqual([]);
    expect(await deps.queries.delivery(other, id, queued[0] as string)).toBeUndefined();
    expect(await deps.queries.endpoint(other, id)).toBeUndefined();
    expect(await deps.queries.backlog(clock.now())).toEqual({ waiting: 5, oldestDueAt: clock.now() });
    const locked = await deps.uow.run(TESTS, async ({ deliveries }) => ok(await deliveries.lock(other, id, queued[0] as string)));
    expect(locked.value).toBeUndefined();
  });

  it('are forgotten with the endpoint that was deleted, in bounded batches, and not while they wait', async () => {
    const forget = (before: number, limit: number) => deps.uow.run(TESTS, async ({ deliveries }) => ok(await deliveries.forget(before, limit)));
    const endpoints = () => deps.uow.run(TESTS, async (tx) => ok(await tx.endpoints.forget(100)));
    await forget(clock.now() + 1, 1_000); // What other tests left.
    await endpoints();
    const { id: endpointId } = await endpoint();
    await queue(endpointId, 3);
    const [taken] = (await claim({ limit: 1 })).toSend as [Delivery];
    await send(taken);
    expect((await forget(clock.now(), 10)).value).toBe(0);
    expect((await forget(clock.now() + 1, 10)).value).toBe(1);
    await queue(endpointId, 1);
    await drain();
    must(await world.container.get(Webhooks.useCases).deleteEndpoint({ restaurantId, endpointId }, TESTS));
    const before = (await endpoints()).value;
    let forgotten = 0;
    for (let batch = 2; batch === 2; forgotten += batch) batch = (await forget(clock.now() + 1, 2)).value;
    expect(forgotten).toBeGreaterThanOrEqual(3);
    expect([before, (await endpoints()).value]).toEqual([0, 1]);
    expect((await deps.queries.deliveries(restaurantId, endpointId, {}, { limit: 3 })).data).toEqual([]);
    expect((await endpoints()).value).toBe(0);
  });
});

const sendOf = (deps: () => WebhooksDeps) => (delivery: Delivery) => sendDelivery(deps())(delivery);
