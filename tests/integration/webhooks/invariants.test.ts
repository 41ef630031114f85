import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEBHOOKS_INVARIANTS } from '#adapters/postgres/webhooks/invariants.ts';
import { claimDeliveries } from '#application/webhooks/claim-deliveries.ts';
import type { Answer, WebhooksDeps } from '#application/webhooks/ports.ts';
import { sendDelivery } from '#application/webhooks/send-delivery.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Webhooks } from '#composition/modules/webhooks.ts';
import { system } from '#domain/shared/actor.ts';
import { LEASE_MS } from '#domain/webhooks/delivery.ts';
import { broken } from '../../support/doctor.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { must } from '../../support/must.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const OWNER = system('test');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FIRST = '00000000-0000-0000-0000-000000000000';
const answered = (statusCode: number, more: object = {}): Answer => ({
  durationMs: 7,
  statusCode,
  fault: null,
  excerpt: '',
  retryAfterMs: null,
  ...more,
});

describe.each(SQL_PROFILES)('the promises of webhooks on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let deps: WebhooksDeps;
  const clock = new VirtualClock(1_764_000_000_000);
  /** What each address answers. */
  const answers = new Map<string, Answer>();
  const at = (name: string): string => `https://${name}.eat.test/hook`;
  const ids = new Map<string, string>();
  const of = (name: string) => ({ restaurantId: kitchen.restaurantId, endpointId: ids.get(name) as string });

  beforeAll(async () => {
    const outgoing = { faultOf: async () => undefined, post: async ({ url }: { readonly url: string }) => answers.get(url) ?? answered(200) };
    world = await startWorld(
      profile,
      clock.override(),
      new ContainerModule(({ rebind }) => void rebind(Webhooks.outgoing).toConstantValue(outgoing)),
    );
    await Promise.all(world.container.getAll(Platform.workers).map((worker) => worker.stop())); // The test sends.
    deps = world.container.get(Webhooks.deps);
    kitchen = await openKitchen(world);
    await liveAMonth();
    await world.container.get(Platform.eventLog).settle();
    await world.container.get(Platform.eventLog).stop();
  });
  afterAll(() => world?.close());

  async function add(name: string, eventTypes: readonly string[], answer = answered(200)): Promise<void> {
    answers.set(at(name), answer);
    const { restaurantId } = kitchen;
    const added = must(await hooks().addEndpoint({ restaurantId, url: at(name), description: name, eventTypes }, OWNER));
    ids.set(name, added.endpoint.id);
  }
  const hooks = () => world.container.get(Webhooks.useCases);
  const claim = () => claimDeliveries(deps)({ limit: 100, perEndpoint: 100, underWay: {}, after: FIRST });
  async function order(): Promise<string> {
    await kitchen.signIn();
    const { body } = await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer);
    await world.container.get(Platform.eventLog).settle();
    return body.id;
  }
  async function sendAll(): Promise<void> {
    for (let taken = await claim(); taken.count > 0; taken = await claim()) for (const one of taken.toSend) await sendDelivery(deps)(one);
  }

  /** Everything that webhooks can come through, and a few of each that are still on their way at the end. */
  async function liveAMonth(): Promise<void> {
    await add('good', ['*']);
    await add('forgotten', ['order.created']);
    await order();
    await sendAll();
    must(await hooks().deleteEndpoint(of('forgotten'), OWNER));
    clock.advance(31 * DAY);
    const forget = world.container.getAll(Platform.jobs).find(({ name }) => name === 'webhooks-forget-deliveries');
    expect(await forget?.run()).toBeGreaterThan(1);

    await add('gone', ['order.created'], answered(410));
    await add('failing', ['order.*'], answered(500));
    await add('hopeless', ['order.created'], answered(404));
    await add('back', ['order.created'], answered(503, { retryAfterMs: 2 * HOUR }));
    await add('leaky', ['order.created']);
    await add('off', ['order.created', 'menu.*']);
    await add('deleted', ['order.created']);
    must(await hooks().rotateSecret({ ...of('good'), overlapHours: 24 }, OWNER));
    must(await hooks().rotateSecret({ ...of('leaky'), overlapHours: 24 }, OWNER));
    must(await hooks().rotateSecret({ ...of('leaky'), overlapHours: 0 }, OWNER));
    const orderId = await order();
    must(await hooks().disableEndpoint(of('off'), OWNER));
    must(await hooks().deleteEndpoint(of('deleted'), OWNER));
    await sendAll();
    await kitchen.act(orderId, 'cancellation', kitchen.owner, { reason: 'no gas' });
    must(await hooks().changeEndpoint({ ...of('good'), changes: { eventTypes: ['order.*'], url: at('good2') }, expectedVersion: undefined }, OWNER));
    for (let hour = 0; hour < 130; hour += 2) {
      await sendAll();
      clock.advance(2 * HOUR);
      if (hour === 6) answers.set(at('back'), answered(204));
      if (hour === 110) await order();
    }
    expect(await deps.queries.endpoint(kitchen.restaurantId, of('failing').endpointId)).toMatchObject({ disabledFor: 'failing' });

    const test = must(await hooks().testEndpoint(of('gone'), OWNER));
    expect(test).toMatchObject({ status: 'failed', failure: 'gone' });
    answers.set(at('gone'), answered(500));
    expect(must(await hooks().testEndpoint(of('gone'), OWNER))).toMatchObject({ status: 'failed', failure: 'exhausted' });
    must(await hooks().testEndpoint(of('good'), OWNER));

    await add('dying', ['order.created']);
    await add('slow', ['order.created']);
    await order();
    for (let attempt = 0; attempt < 11; attempt++) {
      const { toSend } = await claim(); // Whoever sends to this one dies before it comes back.
      for (const one of toSend) if (![ids.get('dying'), ids.get('slow')].includes(one.endpointId)) await sendDelivery(deps)(one);
      clock.advance(LEASE_MS);
    }
    const range = { from: 0, to: clock.now() + 1 };
    const replay = async (name: string) => must(await hooks().replayFailed({ ...of(name), ...range }, OWNER)).replayed;
    expect(await replay('slow')).toBe(1);
    await claim(); // Under way.
    must(await hooks().enableEndpoint(of('failing'), OWNER));
    expect(await replay('failing')).toBeGreaterThan(1);
    await sendAll(); // They fail once more, and wait.
    must(await hooks().enableEndpoint(of('off'), OWNER));
    expect(await replay('off')).toBe(1); // Due, and not taken yet.
  }

  it('are kept through a month of failing, rotating, removing, replaying and forgetting', async () => {
    expect(await broken(world, WEBHOOKS_INVARIANTS)).toEqual([]);
    const kinds = await world.container.get(Platform.sql)()<{ kind: string }>(
      `select distinct status || coalesce(' ' || failure, '') as kind from webhooks.deliveries order by kind`,
    );
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'failed abandoned',
      'failed endpoint_disabled',
      'failed exhausted',
      'failed gone',
      'sending',
      'succeeded',
      'waiting',
    ]);
  });

  const ENDPOINTS = 'update webhooks.endpoints set';
  const DELIVERIES = 'update webhooks.deliveries set';
  const BREAKS: readonly (readonly [string, string])[] = [
    ['webhook-endpoints-are-their-events', `${ENDPOINTS} version = version + 1`],
    ['webhook-endpoints-are-their-events', `${ENDPOINTS} status = 'enabled', disabled_for = null where disabled_for = 'gone'`],
    ['webhook-endpoints-are-their-events', `${ENDPOINTS} disabled_for = 'owner' where disabled_for = 'gone'`],
    ['webhook-endpoints-are-their-events', `${ENDPOINTS} event_types = '["staff.*"]' where description = 'good'`],
    ['webhook-endpoints-are-their-events', `${ENDPOINTS} failing_since = null where description = 'failing'`],
    ['webhook-endpoints-are-their-events', `${ENDPOINTS} failing_since = now() where description = 'back'`],
    ['webhook-endpoints-are-their-events', `${ENDPOINTS} secrets = jsonb_build_array(secrets -> 0) where description = 'good'`],
    ['webhook-endpoints-are-their-events', `${ENDPOINTS} secrets = jsonb_set(secrets, '{1,endsAt}', '1') where description = 'good'`],
    ['webhook-endpoints-are-their-events', `${ENDPOINTS} secrets = secrets || '[{"sealed": "x", "endsAt": 1}]' where description = 'leaky'`],
    [
      'webhooks-of-a-restaurant-are-few',
      `insert into webhooks.endpoints (id, restaurant_id, url, description, event_types, status, disabled_for, failing_since, secrets, created_at, version)
         select gen_random_uuid(), restaurant_id, url, description, event_types, status, disabled_for, failing_since, secrets, created_at, version
         from webhooks.endpoints cross join generate_series(1, 21) where description = 'good'`,
    ],
    ['webhook-deliveries-are-their-events', `${DELIVERIES} version = version + 1`],
    ['webhook-deliveries-are-their-events', `${DELIVERIES} replays = replays + 1`],
    ['webhook-deliveries-are-their-events', `${DELIVERIES} status = 'waiting' where status = 'succeeded'`],
    ['webhook-deliveries-are-their-events', `${DELIVERIES} failure = 'gone' where failure = 'exhausted'`],
    ['webhook-deliveries-are-their-events', `${DELIVERIES} status = 'failed', failure = 'abandoned' where status = 'waiting'`],
    ['webhook-deliveries-tell-of-the-log', `${DELIVERIES} endpoint_id = gen_random_uuid() where status = 'succeeded'`],
    ['webhook-deliveries-tell-of-the-log', `${DELIVERIES} restaurant_id = gen_random_uuid() where status = 'succeeded'`],
    ['webhook-deliveries-tell-of-the-log', `${DELIVERIES} event_id = gen_random_uuid() where status = 'succeeded'`],
    ['webhook-deliveries-tell-of-the-log', `${DELIVERIES} event_id = null where status = 'succeeded' and event_type <> 'webhook.test'`],
    [
      'webhook-deliveries-tell-of-the-log',
      `${DELIVERIES} endpoint_id = (select id from webhooks.endpoints where description = 'gone') where event_type = 'order.status_changed'
          and endpoint_id = (select id from webhooks.endpoints where description = 'failing')`,
    ],
    ['webhook-deliveries-tell-of-the-log', `${DELIVERIES} body = replace(body, 'order.created', 'order.paid') where event_type = 'order.created'`],
    ['webhook-deliveries-tell-of-the-log', `${DELIVERIES} body = replace(body, restaurant_id::text, gen_random_uuid()::text)`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} due_at = due_at - interval '1 minute' where status = 'waiting' and attempts > 0`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} due_at = due_at + interval '2 days' where status = 'waiting' and attempts > 0`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} due_at = due_at + interval '1 second' where status = 'waiting' and attempts = 0`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} attempts = 10, claims = 10 where status = 'waiting' and attempts > 0`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} attempts = 11, claims = 11 where failure = 'exhausted'`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} attempts = 2, claims = 2 where failure = 'exhausted' and event_id is not null`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} attempts = 2 where failure = 'abandoned'`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} history = jsonb_set(history, '{0,statusCode}', '500') where status = 'succeeded'`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} history = '[]' where status = 'succeeded'`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} history = jsonb_set(history, '{0,statusCode}', '500') where failure = 'gone'`],
    ['webhook-deliveries-keep-the-schedule', `${DELIVERIES} attempts = 0 where status = 'sending'`],
    [
      'webhooks-that-are-off-are-sent-nothing',
      `${DELIVERIES} status = 'failed', failure = 'endpoint_disabled' where status = 'succeeded' and event_type = 'order.created'`,
    ],
    [
      'webhooks-that-are-off-are-sent-nothing',
      `delete from platform.events where type = 'webhooks.endpoint_disabled' and data ->> 'reason' = 'gone'`,
    ],
  ];

  it.each(BREAKS)('%s is missed by the doctor after %s', async (id, statement) => {
    expect(await broken(world, WEBHOOKS_INVARIANTS, statement)).toContain(id);
  });

  it('leave no promise untried', () => {
    expect(new Set(BREAKS.map(([id]) => id))).toEqual(new Set(WEBHOOKS_INVARIANTS.map(({ id }) => id)));
  });
});
