import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Tracing, traceWith } from '#adapters/shared/telemetry/tracing.ts';
import { Platform } from '#composition/modules/platform.ts';
import { startTracing, stopTracing } from '#composition/watching.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { OtlpCollector, type ReceivedSpan } from '../../support/otlp-collector.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const [SERVER, CLIENT, CONSUMER] = [2, 3, 5];

describe.each(SQL_PROFILES.slice(-1))('traces on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let collector: OtlpCollector;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
    collector = await OtlpCollector.start();
  });
  afterAll(async () => {
    await world.close();
    await collector.stop();
  });
  afterEach(stopTracing);

  const traced = async (work: () => Promise<unknown>, share = 1): Promise<readonly ReceivedSpan[]> => {
    await world.container.get(Platform.eventLog).settle();
    collector.spans.length = 0;
    await startTracing({ traces: { url: `${collector.url}/v1/traces`, headers: { 'x-team': 'kitchen' }, share }, serviceName: 'thali-test' });
    await work();
    await world.container.get(Platform.eventLog).settle();
    await stopTracing();
    return [...collector.spans];
  };
  const order = (headers: Record<string, string>) =>
    world.post('/orders', kitchen.body([kitchen.line('thali')]), kitchen.customer, { 'idempotency-key': crypto.randomUUID(), ...headers });

  it('go on with the caller’s: the request, its statements, and what follows from it', async () => {
    const spans = await traced(async () => {
      const placed = await order({ traceparent: `00-${TRACE}-${PARENT}-01` });
      expect(placed.status).toBe(201);
      expect(placed.headers.get('traceparent')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    });
    const [server, ...others] = spans.filter(({ kind }) => kind === SERVER);
    expect(others).toEqual([]);
    expect(server).toMatchObject({
      traceId: TRACE,
      parentSpanId: PARENT,
      name: 'POST /orders',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/orders',
        'url.path': '/orders',
        'url.scheme': 'http',
        'http.response.status_code': 201,
      },
      resource: { 'service.name': 'thali-test', 'service.version': '0.1.0' },
    });
    const statements = spans.filter(({ kind, parentSpanId }) => kind === CLIENT && parentSpanId === server?.spanId);
    expect(statements.length).toBeGreaterThan(3);
    expect(statements.every(({ traceId, attributes }) => traceId === TRACE && attributes['db.system.name'] === 'postgresql')).toBe(true);
    expect(statements.map(({ attributes }) => attributes['db.operation.name'])).toContain('COMMIT');
    const followed = spans.filter(({ kind }) => kind === CONSUMER);
    expect(followed.length).toBeGreaterThan(0);
    expect(
      followed.every(
        ({ traceId, name, links }) => (traceId === TRACE || links.some((link) => link.traceId === TRACE)) && name.startsWith('process '),
      ),
    ).toBe(true);
    expect(followed.map(({ traceId }) => traceId)).toContain(TRACE);
    expect(collector.headers.at(-1)).toMatchObject({ 'x-team': 'kitchen' });
    expect(JSON.stringify(spans)).not.toContain(kitchen.customerId); // Values are bound, and stay where they are.
  });

  it('begin with us when nobody brings one, and say what failed', async () => {
    const spans = await traced(() => world.get('/restaurants/019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99/menu'));
    expect(spans.filter(({ kind }) => kind === SERVER)).toMatchObject([
      {
        name: 'GET /restaurants/{restaurantId}/menu',
        attributes: { 'http.response.status_code': 404, 'error.type': 'catalogue.restaurant_not_found' },
      },
    ]);
    expect(spans.find(({ kind }) => kind === SERVER)?.parentSpanId ?? '').toBe('');
  });

  it('are kept in the share that is asked for, and a caller’s decision is kept', async () => {
    expect(await traced(() => order({}), 0)).toEqual([]);
    const kept = await traced(() => order({ traceparent: `00-${TRACE}-${PARENT}-01` }), 0);
    expect(kept.filter(({ kind }) => kind === SERVER)).toHaveLength(1);
    const dropped = await traced(() => order({ traceparent: `00-${TRACE}-${PARENT}-00` }));
    expect(dropped.filter(({ kind }) => kind === SERVER)).toEqual([]);
  });

  it('hold nobody up when the collector is away', async () => {
    await startTracing({ traces: { url: 'http://127.0.0.1:9/v1/traces', headers: {}, share: 1 }, serviceName: 'thali-test' });
    expect((await order({})).status).toBe(201);
    await stopTracing();
  });

  it('are no work at all while nobody wants them', async () => {
    let started = 0;
    const counting: Tracing = {
      start: ({ parent }) => {
        started += 1;
        return {
          context: { traceId: parent?.traceId ?? TRACE, spanId: PARENT, isSampled: true },
          rename: () => undefined,
          set: () => undefined,
          end: () => undefined,
        };
      },
      stop: async () => undefined,
    };
    await order({});
    expect(started).toBe(0);
    traceWith(counting);
    await order({});
    traceWith(undefined);
    expect(started).toBeGreaterThan(5); // The probe works.
    started = 0;
    await order({});
    expect(started).toBe(0);
  });
});
