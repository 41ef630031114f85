import { createHmac } from 'node:crypto';
import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { razorpayProvider } from '#adapters/razorpay/provider.ts';
import { Payments } from '#composition/modules/payments.ts';
import { Platform } from '#composition/modules/platform.ts';
import { PROFILES } from '../../support/profiles.ts';
import { type Answer, startWorld, type World } from '../../support/world.ts';

const SECRET = 'webhook-secret-of-the-tests';
const account = (name: string) => ({ ...razorpayProvider({ keyId: 'rzp_test', keySecret: 'key', webhookSecrets: [SECRET] }), name });
const MIB = 1024 * 1024;

describe.each(PROFILES)('webhooks on %s', (profile) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(
      profile,
      new ContainerModule(({ rebind }) => {
        rebind(Payments.providers).toConstantValue(new Map([account('razorpay'), account('razorpay_backup')].map((one) => [one.name, one])));
      }),
    );
    for (const worker of world.container.getAll(Platform.workers)) await worker.stop(); // What is kept stays to be counted.
  });
  afterAll(() => world.close());

  const event = (more: object = {}) =>
    JSON.stringify({ entity: 'event', event: 'payment.captured', payload: {}, created_at: 1_795_257_160, ...more });
  const sign = (body: string | Uint8Array, secret = SECRET): string => createHmac('sha256', secret).update(body).digest('hex');
  const send = (raw: string, headers: Record<string, string>, path = '/webhooks/razorpay'): Promise<Answer> =>
    world.call('POST', path, { raw, headers });
  const signed = (raw: string, eventId: string, path?: string) =>
    send(raw, { 'x-razorpay-signature': sign(raw), 'x-razorpay-event-id': eventId }, path);
  const kept = async (): Promise<number> => (await world.container.get(Payments.queries).dueEvents(Date.now() + 60_000, 5_000)).length;
  const refusals = async (): Promise<number> =>
    [...(await world.get('/metrics')).body.matchAll(/^thali_webhooks_refused_total\{.*\} (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );

  it('acknowledges what is signed, and keeps it once however often it comes', async () => {
    const raw = event();
    const before = await kept();
    for (let i = 0; i < 3; i++) expect(await signed(raw, 'evt_1')).toMatchObject({ status: 200, body: { received: true } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => signed(raw, 'evt_2')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await signed(raw, 'evt_2', '/webhooks/razorpay_backup')).toMatchObject({ status: 200 });
    expect(await kept()).toBe(before + 3);
  });

  it('keeps one in few statements', async () => {
    const raw = event();
    const counts: number[] = [];
    for (let n = 0; n < 20; n++) {
      const before = world.database.statements.count;
      await signed(raw, `evt_counted_${n}`);
      counts.push(world.database.statements.count - before);
    }
    expect(Math.min(...counts)).toBe(profile === 'memory' ? 0 : 4); // Others work beside it.
  });

  it('takes the very bytes: whatever they say they are, and however they are written', async () => {
    const odd = ` {"event" : "payment.captured","payload":{ },\n"note":"\\u00e9é","created_at":1795257160 } `;
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      const headers = { 'content-type': type, 'x-razorpay-signature': sign(odd), 'x-razorpay-event-id': `evt_${type.length}` };
      expect(await send(odd, headers)).toMatchObject({ status: 200 });
    }
    expect(await send('not json at all', { 'x-razorpay-signature': sign('not json at all') })).toMatchObject({ status: 200 });
    const rewritten = JSON.stringify(JSON.parse(odd));
    expect(await send(rewritten, { 'x-razorpay-signature': sign(odd) })).toMatchObject({ status: 401 });
  });

  it('keeps nothing of what is not signed, and counts it', async () => {
    const raw = event({ created_at: 1 });
    const [before, counted] = [await kept(), await refusals()];
    const forged: Record<string, string>[] = [
      {},
      { 'x-razorpay-signature': '' },
      { 'x-razorpay-signature': sign(raw, 'another secret') },
      { 'x-razorpay-signature': sign(`${raw} `) },
      { 'x-razorpay-signature': sign(raw).slice(0, 63) },
      { 'x-razorpay-signature': 'x'.repeat(5_000) },
      { 'x-razorpay-signature': `${sign(raw)}, ${sign(raw)}` },
    ];
    for (const headers of forged) {
      const answer = await send(raw, headers);
      expect(answer).toMatchObject({ status: 401, body: { code: 'payments.webhook_not_signed', type: '/problems#payments.webhook_not_signed' } });
    }
    expect(await send(raw, { 'x-razorpay-signature': sign(raw, 'no') }, '/webhooks/razorpay_backup')).toMatchObject({ status: 401 });
    expect(await send('', {})).toMatchObject({ status: 401 });
    expect(await kept()).toBe(before);
    expect(await refusals()).toBe(counted + forged.length + 2);
  });

  it('takes up to a MiB, and refuses more before it is read', async () => {
    const padded = (size: number): string => {
      const raw = event({ pad: '' });
      return raw.replace('"pad":""', `"pad":"${'x'.repeat(size - raw.length)}"`);
    };
    expect(await signed(padded(MIB), 'evt_big')).toMatchObject({ status: 200 });
    expect(await signed(padded(MIB + 1), 'evt_huge')).toMatchObject({ status: 413, body: { code: 'http.body_too_large', limitBytes: MIB } });
  });

  it('knows only the processors that are configured', async () => {
    const raw = event();
    for (const name of ['stripe', 'constructor', '__proto__', 'razorpay%2F..', 'x'.repeat(90)]) {
      expect(await signed(raw, 'evt_x', `/webhooks/${name}`)).toMatchObject({ status: 404, body: { code: 'http.not_found' } });
    }
    expect((await world.get('/webhooks/razorpay')).status).toBe(405);
  });

  it('knows an event without a name of its own by its bytes', async () => {
    const raw = event({ created_at: 7 });
    const before = await kept();
    for (const headers of [{}, { 'x-razorpay-event-id': 'a b' }, { 'x-razorpay-event-id': 'x'.repeat(300) }]) {
      expect(await send(raw, { 'x-razorpay-signature': sign(raw), ...headers })).toMatchObject({ status: 200 });
    }
    expect(await kept()).toBe(before + 1);
  });

  it('takes hundreds at once, each within the time a provider waits', async () => {
    const before = await kept();
    const took = await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const began = performance.now();
        expect((await signed(event({ nth: i }), `evt_burst_${i}`)).status).toBe(200);
        return performance.now() - began;
      }),
    );
    expect(Math.max(...took)).toBeLessThan(5_000);
    expect(await kept()).toBe(before + 300);
  });
});
