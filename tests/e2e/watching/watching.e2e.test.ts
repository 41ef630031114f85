import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentRequest } from '#adapters/shared/request-context.ts';
import type { Log } from '#application/shared/ports.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES, testConfig } from '../../support/profiles.ts';
import { readPrometheus } from '../../support/prometheus.ts';
import { startWorld, type World } from '../../support/world.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TOKEN = 'a-token-for-the-scraper';
type Line = { readonly level: string; readonly message: string; readonly facts: Record<string, unknown>; readonly traceId: string | undefined };

describe.each(PROFILES)('watching a process on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  const lines: Line[] = [];
  const write =
    (level: string): Log['info'] =>
    (message, facts = {}) =>
      void lines.push({ level, message, facts, traceId: currentRequest()?.traceId });
  const seen: (string | undefined)[] = [];
  const spying = new ContainerModule(({ bind, rebind }) => {
    rebind(Platform.config).toConstantValue({ ...testConfig, metricsToken: TOKEN, log: { ...testConfig.log, slowMs: 0 } });
    rebind(Platform.log).toConstantValue({ info: write('info'), warn: write('warn'), error: write('error') });
    const spy = { name: 'spy', types: ['ordering.order_placed'], on: async () => void seen.push(currentRequest()?.traceId) };
    bind(Platform.postgresSubscriptions).toConstantValue(spy);
    bind(Platform.memorySubscriptions).toConstantValue(spy);
  });
  beforeAll(async () => {
    world = await startWorld(profile, spying);
    kitchen = await openKitchen(world);
  });
  afterAll(() => world.close());

  const metrics = async () => {
    const { status, body } = await world.call('GET', '/metrics', { token: TOKEN });
    expect(status).toBe(200);
    return readPrometheus(body);
  };

  it('writes numbers in the format that Prometheus reads, of what it depends on too', async () => {
    await world.order(kitchen.body([kitchen.line('thali')]), kitchen.customer);
    await world.get(`/restaurants/${kitchen.restaurantId}/menu`);
    const families = await metrics();
    expect([...families.keys()]).toEqual(
      expect.arrayContaining([
        'http_server_request_duration_seconds',
        'thali_cache_hits_total',
        'thali_cache_hit_ratio',
        'thali_subscription_lag_seconds',
        'thali_job_runs_total',
      ]),
    );
    if (profile !== 'memory') {
      const done = families.get('db_client_operation_duration_seconds')?.samples.filter(({ name }) => name.endsWith('_count')) ?? [];
      expect(done.map(({ labels }) => labels['db_operation_name'])).toContain('SELECT');
    }
    if (profile === 'postgres') expect(families.get('db_client_connections')?.samples).toHaveLength(2);
  });

  it('shows them to whoever shows the token, and to nobody else', async () => {
    for (const token of [undefined, '', 'a-token', `${TOKEN}x`, kitchen.owner]) {
      const { status, body } = await world.call('GET', '/metrics', { token });
      expect([status, body.code]).toEqual([401, 'http.unauthenticated']);
    }
  });

  it('makes no label of what a stranger chooses: not of a path, and not of a method', async () => {
    const labels = async () => {
      const samples = (await metrics()).get('http_server_request_duration_seconds')?.samples ?? [];
      return new Set(samples.map(({ labels: { le: _, ...others } }) => JSON.stringify(others)));
    };
    await world.call('GET', '/nowhere');
    await world.call('BREW', '/nowhere');
    await metrics();
    const before = await labels();
    for (let i = 0; i < 10_000; i += 500) await Promise.all(Array.from({ length: 500 }, (_, j) => world.call('GET', `/nowhere/${i + j}`)));
    for (let i = 0; i < 50; i++) await world.call(`BREW${i}`, '/nowhere');
    for (let i = 0; i < 50; i++) await world.get(`/restaurants/${crypto.randomUUID()}`);
    expect([...(await labels())].filter((label) => !before.has(label))).toEqual([
      JSON.stringify({ http_request_method: 'GET', http_route: '/restaurants/{restaurantId}', http_response_status_code: '404' }),
    ]);
    expect([...before].some((label) => label.includes('_OTHER'))).toBe(true);
  });

  it('carries a trace from the request into its lines, its events and what is subscribed to them', async () => {
    await world.container.get(Platform.eventLog).settle(); // What comes alone is told in its own trace.
    seen.length = 0;
    lines.length = 0;
    const headers = { 'idempotency-key': crypto.randomUUID(), traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    expect((await world.post('/orders', kitchen.body([kitchen.line('dal')]), kitchen.customer, headers)).status).toBe(201);
    await world.container.get(Platform.eventLog).settle();
    expect(seen).toEqual([TRACE]);
    const [line] = lines.filter(({ facts }) => facts['route'] === '/orders');
    expect(line).toMatchObject({ level: 'warn', message: 'slow request', traceId: TRACE, facts: { traceId: TRACE, status: 201 } });
    expect(line?.facts).toMatchObject({ databaseMs: expect.any(Number), redisMs: 0, statements: profile === 'memory' ? 0 : expect.any(Number) });
    if (profile !== 'memory') expect(line?.facts['statements']).toBeGreaterThan(3);
  });

  it('tells everybody how it is, and operators by how much', async () => {
    const { status, body, headers } = await world.get('/health');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/health+json; charset=utf-8']);
    expect(body).toMatchObject({ status: 'pass', version: '0.1.0', uptimeSeconds: expect.any(Number) });
    expect(Object.keys(body.checks).toSorted()).toEqual(['database', 'eventLog', 'jobs', 'memory', 'nodes']);
    expect(JSON.stringify(body)).not.toMatch(/observed|bytes/);

    const { token } = await world.account(`operator-${profile}@thali.test`, 'admin');
    const details = await world.get('/health/details', token);
    expect(details.status).toBe(200);
    const of = (name: string) => details.body.checks.find((check: { name: string }) => check.name === name);
    expect(of('memory').observed).toEqual({ value: expect.any(Number), unit: 'bytes' });
    expect(of('eventLog').observed.unit).toBe('s');
    if (profile !== 'memory') expect(of('database').observed.unit).toBe('ms');
    expect([(await world.get('/health/details')).status, (await world.get('/health/details', kitchen.owner)).status]).toEqual([401, 403]);
  });

  it('warns of a job that failed, and forgets it when it went well', async () => {
    const { ended } = world.container.get(Platform.jobRuns);
    ended('sweep', 0.1, true);
    await new Promise((resolve) => setTimeout(resolve, 1_010)); // Health is asked once a second.
    const { status, body } = await world.get('/health');
    expect([status, body.status, body.checks.jobs]).toEqual([200, 'warn', { status: 'warn', detail: 'failed last time: sweep' }]);
    expect((await metrics()).get('thali_job_runs_total')?.samples).toContainEqual({
      name: 'thali_job_runs_total',
      labels: { job: 'sweep', outcome: 'failed' },
      value: 1,
    });
    ended('sweep', 0.1, false);
    expect(world.container.get(Platform.jobRuns).failing()).toEqual([]);
    expect((await world.get('/health/ready')).status).toBe(200);
  });
});
