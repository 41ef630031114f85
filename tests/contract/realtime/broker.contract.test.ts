import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryBroker } from '#adapters/memory/realtime/broker.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisBroker } from '#adapters/redis/realtime/broker.ts';
import type { Broker, Heard } from '#application/realtime/ports.ts';
import { COUNTING, freshRedis } from '../../support/redis.ts';
import { until } from '../../support/sockets.ts';

const KEPT = 300;

describe.each(COUNTING)('the broker on %s', (kind) => {
  let redis: RedisConnection | undefined;
  let broker: Broker;
  const heard: [string, Heard][] = [];
  const said = (channel: string) =>
    heard.flatMap(([on, one]) => (on === channel && one.kind === 'publication' ? [one.publication.offset, one.publication.data] : []));
  let channels = 0;
  const fresh = () => `order:${++channels}`;

  beforeAll(async () => {
    redis = kind === 'redis' ? await freshRedis() : undefined;
    broker = redis ? new RedisBroker(redis) : new MemoryBroker(Date.now);
    broker.attach({ hear: (channel, one) => heard.push([channel, one]), interrupted: () => undefined });
    await until(() =>
      broker.listen('first').then(
        () => true,
        () => false,
      ),
    );
  });
  afterAll(async () => {
    await broker.close();
    await redis?.close();
  });

  it('numbers the messages of a channel from one, and has those hear them who listen', async () => {
    const [one, other] = [fresh(), fresh()];
    await broker.listen(one);
    const first = await broker.publish(one, '{"n":1}', 'a');
    await broker.publish(other, '{"n":1}', 'a');
    const second = await broker.publish(one, '{"n":"2 words"}', 'b');
    expect([first.offset, second.offset, first.epoch]).toEqual([1, 2, second.epoch]);
    await until(() => said(one).length === 4);
    expect(said(one)).toEqual([1, '{"n":1}', 2, '{"n":"2 words"}']);
    expect(said(other)).toEqual([]);
  });

  it('takes a key once in a channel, whoever tells it again at the same time', async () => {
    const channel = fresh();
    await broker.listen(channel);
    const positions = await Promise.all(Array.from({ length: 10 }, () => broker.publish(channel, '{}', 'same')));
    expect(new Set(positions.map(({ offset }) => offset))).toEqual(new Set([1]));
    expect((await broker.publish(channel, '{}', 'another')).offset).toBe(2);
    await until(() => said(channel).length === 4);
    expect(said(channel)).toEqual([1, '{}', 2, '{}']);
    expect((await broker.since(channel, { epoch: positions[0]?.epoch as string, offset: 0 })).publications).toHaveLength(2);
  });

  it('says all that came after a position, or that it cannot', async () => {
    const channel = fresh();
    const start = (await broker.since(channel)).position;
    expect(start.offset).toBe(0);
    for (let n = 1; n <= KEPT + 2; n++) await broker.publish(channel, `${n}`, `${n}`);
    const at = (offset: number) => broker.since(channel, { epoch: start.epoch, offset });

    expect(await at(KEPT)).toMatchObject({
      isComplete: true,
      publications: [{ offset: KEPT + 1 }, { offset: KEPT + 2 }],
      position: { offset: KEPT + 2 },
    });
    expect((await at(2)).publications).toHaveLength(KEPT); // As far back as anything is kept.
    expect(await at(KEPT + 2)).toMatchObject({ isComplete: true, publications: [] });
    expect(await at(1)).toMatchObject({ isComplete: false, publications: [], position: { offset: KEPT + 2 } });
    expect(await at(KEPT + 3)).toMatchObject({ isComplete: false, publications: [] });
    expect(await broker.since(channel, { epoch: 'other', offset: KEPT + 2 })).toMatchObject({ isComplete: false, publications: [] });
    expect(await broker.since(channel)).toMatchObject({ isComplete: true, publications: [], position: { epoch: start.epoch, offset: KEPT + 2 } });
  });

  it('pages through what it keeps, both ways', async () => {
    const channel = fresh();
    for (let n = 1; n <= 5; n++) await broker.publish(channel, `${n}`, `${n}`);
    const offsets = async (request: Parameters<Broker['page']>[1]) => {
      const { publications } = await broker.page(channel, request);
      expect(publications.map(({ data }) => data)).toEqual(publications.map(({ offset }) => `${offset}`));
      return publications.map(({ offset }) => offset);
    };
    const { epoch } = (await broker.since(channel)).position;
    expect(await offsets({ limit: 2, isReverse: false })).toEqual([1, 2]);
    expect(await offsets({ limit: 2, isReverse: true })).toEqual([5, 4]);
    expect(await offsets({ limit: 9, isReverse: false, since: { epoch, offset: 3 } })).toEqual([4, 5]);
    expect(await offsets({ limit: 9, isReverse: true, since: { epoch, offset: 3 } })).toEqual([2, 1]);
    expect(await offsets({ limit: 0, isReverse: false })).toEqual([]);
  });

  it('carries signals to those who listen, and keeps none', async () => {
    const channel = fresh();
    await broker.listen(channel);
    await broker.signal(channel, '{"join":{}}');
    await until(() => heard.some(([on, one]) => on === channel && one.kind === 'signal' && one.push === '{"join":{}}'));
    expect((await broker.since(channel)).position.offset).toBe(0);
  });

  it('is silent on what is ignored, until it is listened to again', async () => {
    const channel = fresh();
    await broker.listen(channel);
    broker.ignore(channel);
    await broker.listen(`${channel}:after`); // Asked after, it is answered after.
    await broker.publish(channel, '1', '1');
    await broker.listen(channel);
    await broker.publish(channel, '2', '2');
    await until(() => said(channel).length > 0);
    expect(said(channel)).toEqual([2, '2']);
  });
});
