import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { type JobQueue, jobHandler } from '#application/shared/job.ts';
import { Operations } from '#composition/modules/operations.ts';
import { Platform } from '#composition/modules/platform.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { eventsOf } from '../../support/events.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES, type Profile } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';
const WAIT_MS = 30_000;
const COOK: JobQueue<{ readonly n: number }> = { name: 'test.cook', retries: { limit: 0, delaySeconds: 1, delayMaxSeconds: 1 } };

describe.each(PROFILES)('operating the platform over HTTP on %s', (profile: Profile) => {
  const clock = new VirtualClock(Date.now());
  let world: World;
  let kitchen: Kitchen;
  let admin: string;
  let support: string;
  let isBroken = false;
  let isOutOfGas = true;
  const cooked: number[] = [];
  const told: { readonly id: string; readonly isReplay: boolean }[] = [];

  const probe = {
    name: 'test-probe',
    types: ['ordering.order_placed', 'ordering.order_accepted'],
    async on(_: unknown, events: readonly RecordedEvent[], isReplay: boolean) {
      if (isBroken) throw new Error('the probe is broken');
      told.push(...events.map(({ id }) => ({ id, isReplay })));
    },
  };
  const additions = new ContainerModule(({ bind }) => {
    if (profile === 'memory') bind(Platform.memorySubscriptions).toConstantValue(probe as Subscription<MemoryTx>);
    else bind(Platform.postgresSubscriptions).toConstantValue(probe as Subscription<PostgresTx>);
    const handler = jobHandler(COOK, async ({ n }) => {
      if (isOutOfGas) throw new Error('no gas');
      cooked.push(n);
    });
    bind(Platform.jobHandlers).toConstantValue(handler);
  });

  beforeAll(async () => {
    world = await startWorld(profile, clock.override(), additions);
    kitchen = await openKitchen(world);
    admin = (await world.account('admin@operations.test', 'admin')).token;
    support = (await world.account('support@operations.test', 'support')).token;
    await world.work();
  }, 120_000);
  afterAll(() => world?.close());

  const until = async (path: string, willDo: (body: Json) => boolean): Promise<Json> => {
    const { body } = await eventually(
      () => world.get(path, admin),
      ({ body: found }) => willDo(found),
      WAIT_MS,
    );
    expect(willDo(body), path).toBe(true);
    return body;
  };
  const add = async (n: number): Promise<string> => {
    const added = await world.container.get(Operations.uow).run(system('test'), async ({ jobs }) => ok(await jobs.add(COOK, { n })));
    return added.value as string;
  };
  const lastEvent = async (): Promise<Json> => (await eventsOf(world.container)).findLast(({ type }) => type.startsWith('platform.'));
  const placed = async (): Promise<string> => {
    const { status, body } = await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer);
    expect(status).toBe(201);
    return body.id;
  };

  it('is for operators of the platform alone', async () => {
    const reads = [
      '/admin/nodes',
      '/admin/jobs/queues',
      '/admin/jobs/schedules',
      '/admin/jobs/queues/test.cook/jobs',
      '/admin/events',
      '/admin/events/statistics',
    ];
    reads.push('/admin/events/subscriptions', '/admin/events/subscriptions/test-probe/retries', '/admin/events/replays');
    for (const path of reads) {
      expect((await world.get(path, support)).status, path).toBe(200);
      expect((await world.get(path, kitchen.owner)).body, path).toMatchObject({ status: 403, code: 'http.forbidden', permission: 'platform:read' });
      expect((await world.get(path)).status, path).toBe(401);
    }
    const writes = [
      'jobs/queues/test.cook/pause',
      'jobs/queues/test.cook/resumption',
      'jobs/queues/test.cook/redrive',
      'jobs/schedules/audit-prune/run',
    ];
    for (const path of writes) {
      for (const token of [support, kitchen.owner, kitchen.customer]) {
        expect((await world.call('POST', `/admin/${path}`, { token })).body, path).toMatchObject({
          code: 'http.forbidden',
          permission: 'platform:operate',
        });
      }
    }
  });

  it('lists queues and schedules, with how they stand', async () => {
    const { body } = await world.get('/admin/jobs/queues', admin);
    expect(body.data.map(({ name }: Json) => name)).toEqual(expect.arrayContaining(['platform.replay-range', 'test.cook']));
    const schedules = (await world.get('/admin/jobs/schedules', admin)).body.data;
    expect(schedules.find(({ name }: Json) => name === 'audit-prune')).toMatchObject({ cron: '17 3 * * *', timeZone: 'UTC', isPaused: false });
  });

  it('has a dead job begin anew, alone or with all of its queue, and says who did it', async () => {
    const [first, second] = [await add(1), await add(2)];
    const dead = await until('/admin/jobs/queues/test.cook/jobs?state=dead', ({ data }) => data.length === 2);
    const one = dead.data.find(({ rootId }: Json) => rootId === first);
    expect(one).toMatchObject({ state: 'dead', attempts: 1, lastError: 'no gas', data: { n: 1 } });
    expect((await world.get(`/admin/jobs/queues/test.cook/jobs/${one.id}`, support)).body).toMatchObject({ id: one.id, data: null });
    expect((await world.get(`/admin/jobs/queues/test.cook/jobs/${NOBODY}`, admin)).body).toMatchObject({
      status: 404,
      code: 'platform.job_not_found',
    });
    expect((await world.call('POST', `/admin/jobs/queues/test.cook/jobs/${one.id}/cancellation`, { token: admin })).body).toMatchObject({
      status: 409,
      code: 'platform.job_not_waiting',
      state: 'dead',
    });
    isOutOfGas = false;
    expect((await world.call('POST', `/admin/jobs/queues/test.cook/jobs/${one.id}/attempt`, { token: admin })).status).toBe(204);
    expect(await lastEvent()).toMatchObject({ type: 'platform.job_retried', queue: 'test.cook', jobId: one.id });
    await until('/admin/jobs/queues/test.cook/jobs?state=completed', ({ data }) => data.some(({ rootId }: Json) => rootId === first));
    expect((await world.call('POST', '/admin/jobs/queues/test.cook/redrive', { token: admin })).body).toEqual({ redriven: 1 });
    await until('/admin/jobs/queues/test.cook/jobs?state=completed', ({ data }) => data.some(({ rootId }: Json) => rootId === second));
    expect(cooked).toEqual([1, 2]);
    expect((await world.call('POST', '/admin/jobs/queues/test.cook/redrive', { token: admin })).body).toEqual({ redriven: 0 });
    expect(await lastEvent()).toMatchObject({ type: 'platform.dead_jobs_redriven', count: 1 });
    expect((await world.call('POST', '/admin/jobs/queues/test.other/redrive', { token: admin })).body).toMatchObject({
      code: 'platform.queue_not_found',
    });
    const done = (await world.get('/admin/jobs/queues/test.cook/jobs?state=completed&limit=1', admin)).body;
    expect(done.next).not.toBeNull();
    expect((await world.call('POST', `/admin/jobs/queues/test.cook/jobs/${done.data[0].id}/attempt`, { token: admin })).body).toMatchObject({
      code: 'platform.job_not_retriable',
      state: 'completed',
    });
  });

  it('pauses a queue, cancels what waits in it, and lets it go on', async () => {
    expect((await world.call('POST', '/admin/jobs/queues/test.cook/pause', { token: admin })).status).toBe(204);
    expect(await lastEvent()).toMatchObject({ type: 'platform.queue_paused', queue: 'test.cook' });
    expect((await world.call('POST', '/admin/jobs/queues/test.cook/pause', { token: admin })).status).toBe(204);
    expect((await world.call('POST', '/admin/jobs/queues/audit-prune/pause', { token: admin })).body).toMatchObject({
      code: 'platform.queue_not_found',
    });
    await eventually(
      async () => world.container.get(Platform.jobRunner).working(),
      (names) => !names.includes(COOK.name),
      WAIT_MS,
    );
    const [gone, kept] = [await add(3), await add(4)];
    await until('/admin/jobs/queues', ({ data }) => data.find(({ name }: Json) => name === COOK.name).waiting === 2);
    expect((await world.call('POST', `/admin/jobs/queues/test.cook/jobs/${gone}/cancellation`, { token: admin })).status).toBe(204);
    expect((await world.call('POST', '/admin/jobs/queues/test.cook/resumption', { token: admin })).status).toBe(204);
    await until(`/admin/jobs/queues/test.cook/jobs/${kept}`, ({ state }) => state === 'completed');
    expect(cooked).toEqual([1, 2, 4]);
    expect((await world.get(`/admin/jobs/queues/test.cook/jobs/${gone}`, admin)).body.state).toBe('cancelled');
  });

  it('has a schedule run now', async () => {
    expect((await world.call('POST', '/admin/jobs/schedules/audit-prune/run', { token: admin })).body).toEqual({ isNew: true });
    await until('/admin/jobs/schedules', ({ data }) => data.find(({ name }: Json) => name === 'audit-prune').completedLastHour >= 1);
    expect((await world.call('POST', '/admin/jobs/schedules/test.cook/run', { token: admin })).body).toMatchObject({
      code: 'platform.schedule_not_found',
    });
  });

  it('searches the log by all that an event is known by, and shows its facts to few', async () => {
    const orderId = await placed();
    const stream = `order:${orderId}`;
    const found = (await world.get(`/admin/events?stream=${stream}`, admin)).body.data;
    expect(found).toMatchObject([{ type: 'ordering.order_placed', stream, version: 1, restaurantId: kitchen.restaurantId, data: { orderId } }]);
    const [{ id, actor, recordedAt }] = found;
    expect((await world.get(`/admin/events/${id}`, admin)).body).toEqual(found[0]);
    expect((await world.get(`/admin/events/${id}`, support)).body).toEqual({ ...found[0], data: null });
    expect((await world.get(`/admin/events/${NOBODY}`, admin)).body).toMatchObject({ status: 404, code: 'platform.event_not_found' });
    const ids = async (query: string): Promise<string[]> => (await world.get(`/admin/events?${query}`, admin)).body.data.map((one: Json) => one.id);
    const at = encodeURIComponent(recordedAt);
    const after = encodeURIComponent(new Date(Date.parse(recordedAt) + 1).toISOString());
    for (const query of [
      `actor=${actor}`,
      `restaurantId=${kitchen.restaurantId}`,
      'type=ordering.order_placed',
      `from=${at}`,
      `to=${after}`,
      `from=${at}&to=${after}&stream=${stream}`,
    ])
      expect(await ids(query), query).toContain(id);
    for (const query of [
      `actor=account:${NOBODY}`,
      `restaurantId=${NOBODY}`,
      'type=ordering.order_expired',
      `from=${after}&stream=${stream}`,
      `to=${at}&stream=${stream}`,
    ])
      expect(await ids(query), query).not.toContain(id);
    const all: string[] = [];
    let path: string | undefined = '/admin/events?limit=7&type=catalogue.item_added';
    while (path !== undefined) {
      const page = await world.get(path, admin);
      all.push(...page.body.data.map((one: Json) => one.id));
      path = /<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(all).toEqual([...new Set(all)].sort().reverse());
    const counts = (await world.get('/admin/events/statistics', admin)).body.data;
    expect(counts.find(({ type }: Json) => type === 'catalogue.item_added').count).toBe(all.length);
  });

  it('says what a subscription could not take, tries it again or gives it up, and says who decided that', async () => {
    await world.container.get(Platform.eventLog).settle();
    isBroken = true;
    const ids = [await placed(), await placed(), await placed()];
    const at = '/admin/events/subscriptions/test-probe';
    await eventually(
      async () => {
        clock.advance(3_000);
        return (await world.get(`${at}/retries?parked=true`, admin)).body.data;
      },
      (data: Json[]) => data.length === 3,
      WAIT_MS,
    );
    admin = await world.signIn('admin@operations.test');
    support = await world.signIn('support@operations.test');
    await kitchen.signIn();
    const parked = (await world.get(`${at}/retries?parked=true`, admin)).body.data;
    expect(parked).toHaveLength(3);
    expect(parked[0]).toMatchObject({
      type: 'ordering.order_placed',
      attempts: 8,
      isParked: true,
      isReplay: false,
      lastError: 'the probe is broken',
    });
    const mine = (await world.get('/admin/events/subscriptions', admin)).body.data.find(({ name }: Json) => name === 'test-probe');
    expect(mine).toMatchObject({ parked: 3, retrying: 0, isUrgent: false });
    const pages = (await world.get(`${at}/retries?limit=2`, admin)).body;
    expect((await world.get(`${at}/retries?limit=2&after=${pages.next}`, admin)).body).toMatchObject({
      data: [{ eventId: parked[2].eventId }],
      next: null,
    });

    const [first, second, third] = parked.map(({ eventId }: Json) => eventId) as [string, string, string];
    const reason = 'Nobody waits for it';
    expect((await world.post(`${at}/discards`, { eventId: second, reason }, admin)).status).toBe(204);
    expect(await lastEvent()).toMatchObject({ type: 'platform.event_discarded', eventId: second, eventType: 'ordering.order_placed', reason });
    expect((await world.post(`${at}/discards`, { eventId: second, reason }, admin)).body).toMatchObject({
      status: 409,
      code: 'platform.event_not_parked',
    });
    expect((await world.post(`${at}/discards`, { eventId: first, reason: ' ' }, admin)).status).toBe(400);
    expect((await world.post(`${at}/unparking`, { eventId: second }, admin)).body).toMatchObject({ code: 'platform.event_not_parked' });
    isBroken = false;
    expect((await world.post(`${at}/unparking`, { eventId: first }, admin)).body).toEqual({ unparked: 1 });
    await eventually(
      async () => told.map(({ id }) => id),
      (had) => had.includes(first),
      WAIT_MS,
    );
    expect((await world.post(`${at}/unparking`, {}, admin)).body).toEqual({ unparked: 1 });
    await eventually(
      async () => told.map(({ id }) => id),
      (had) => had.includes(third),
      WAIT_MS,
    );
    expect(
      told
        .filter(({ isReplay }) => !isReplay)
        .map(({ id }) => id)
        .filter((id) => [first, second, third].includes(id)),
    ).toEqual([first, third]);
    expect((await world.post('/admin/events/subscriptions/test-other/unparking', {}, admin)).body).toMatchObject({
      code: 'platform.subscription_not_found',
    });
    expect(ids).toHaveLength(3);
  });

  it('hands a subscription a part of the log again, without moving what it reads live', async () => {
    const from = (await world.get('/admin/events?type=ordering.order_placed&limit=2', admin)).body.data;
    const [last, first] = from as [Json, Json];
    told.length = 0;
    const at = '/admin/events/subscriptions/test-probe/replays';
    const range = { from: { position: first.position }, to: { position: last.position }, types: ['ordering.order_placed'] };
    const asked = await world.post(at, range, admin);
    expect(asked).toMatchObject({
      status: 202,
      body: { subscription: 'test-probe', fromPosition: first.position, toPosition: last.position, status: 'running' },
    });
    expect(await until(asked.headers.get('location') as string, ({ status }) => status === 'done')).toMatchObject({ handled: 2, lastError: null });
    expect(told).toEqual([first, last].map(({ id }) => ({ id, isReplay: true })));
    expect((await world.get('/admin/events/replays', support)).body.data[0].id).toBe(asked.body.id);
    expect((await world.get(`/admin/events/replays/${NOBODY}`, admin)).body).toMatchObject({ status: 404, code: 'platform.replay_not_found' });
    expect(await lastEvent()).toMatchObject({ type: 'platform.replay_done', replayId: asked.body.id, handled: 2 });

    const future = { from: { at: new Date(clock.now() + 60_000).toISOString() } };
    expect((await world.post(at, future, admin)).body).toMatchObject({ status: 409, code: 'platform.nothing_to_replay' });
    expect((await world.post(at, { types: ['catalogue.item_added'] }, admin)).body).toMatchObject({ code: 'platform.nothing_to_replay' });
    expect((await world.post('/admin/events/subscriptions/other/replays', {}, admin)).body).toMatchObject({
      code: 'platform.subscription_not_found',
    });
    expect((await world.post(at, {}, support)).status).toBe(403);
    told.length = 0;
    await placed();
    await eventually(
      async () => told.length,
      (count) => count > 0,
      WAIT_MS,
    );
    expect(told).toMatchObject([{ isReplay: false }]);
  });

  it('keeps all of it in the audit trail', async () => {
    const entries = await until('/audit?type=platform.&limit=100', ({ data }) => data.some(({ type }: Json) => type === 'platform.replay_requested'));
    const types = entries.data.map(({ type }: Json) => type);
    for (const type of [
      'queue_paused',
      'queue_resumed',
      'job_cancelled',
      'job_retried',
      'dead_jobs_redriven',
      'schedule_run',
      'events_unparked',
      'event_discarded',
    ])
      expect(types).toContain(`platform.${type}`);
    expect(entries.data.find(({ type }: Json) => type === 'platform.queue_paused').actor).toMatch(/^account:/);
  });
});
