import type { Redis } from 'ioredis';
import { type Broker, BrokerAway, type Ears, type Position, type Publication, type Stretch } from '#application/realtime/ports.ts';
import type { RedisConnection } from '../connection.ts';
import { RedisEars } from './ears.ts';
import { type ReadReply, realtimeScripts } from './scripts.ts';

/**
 * The broker that joins nodes. The stream of a channel lies in Redis, whose every publication is one script: it takes the
 * next offset, keeps the message and tells those who listen, or knows that it has done so before.
 */
export class RedisBroker implements Broker {
  readonly #connection: RedisConnection;
  readonly #ears: RedisEars;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#ears = new RedisEars(connection, (name) => name.slice(this.#carrier('').length));
  }

  async publish(channel: string, data: string, key: string): Promise<Position> {
    const keys = [this.#key(channel, 'at'), this.#key(channel, 'kept'), this.#key(channel, `had:${key}`)] as const;
    const [epoch, offset] = await this.#ask((redis) => realtimeScripts(redis).realtimePublish(...keys, newEpoch(), data, this.#carrier(channel)));
    return { epoch, offset };
  }

  async signal(channel: string, push: string): Promise<void> {
    await this.#ask((redis) => redis.publish(this.#carrier(channel), `s${push}`));
  }

  listen(channel: string): Promise<void> {
    return this.#ears.listen(this.#carrier(channel));
  }

  ignore(channel: string): void {
    this.#ears.ignore(this.#carrier(channel));
  }

  async since(channel: string, from?: Position): Promise<Stretch> {
    const { position, publications } = await this.#read(channel, from ? `${from.offset + 1}-0` : '+', '+', '');
    if (!from) return { position, publications: [], isComplete: true };
    const isComplete = position.epoch === from.epoch && publications.length === position.offset - from.offset;
    return { position, publications: isComplete ? publications : [], isComplete };
  }

  page(channel: string, { limit, isReverse, since }: Parameters<Broker['page']>[1]): ReturnType<Broker['page']> {
    const [from, to] = isReverse ? ['-', since ? `(${since.offset}-0` : '+'] : [since ? `(${since.offset}-0` : '-', '+'];
    return this.#read(channel, from, to, isReverse ? 'reverse' : '', limit);
  }

  attach(ears: Ears): void {
    this.#ears.attach(ears);
  }

  async close(): Promise<void> {
    this.#ears.close();
  }

  async #read(channel: string, from: string, to: string, way: string, limit = -1) {
    const keys = [this.#key(channel, 'at'), this.#key(channel, 'kept')] as const;
    const reply = await this.#ask((redis) => realtimeScripts(redis).realtimeRead(...keys, newEpoch(), from, to, way, limit));
    return readReply(reply);
  }

  async #ask<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await this.#connection.run(ask);
    } catch (error) {
      throw new BrokerAway('the broker does not answer', { cause: error });
    }
  }

  /** The keys of one channel lie together, wherever a cluster puts them. */
  #key(channel: string, what: string): string {
    return this.#connection.key('rt', `{${channel}}`, what);
  }

  #carrier(channel: string): string {
    return this.#connection.key('rt', 'm', channel);
  }
}

const newEpoch = (): string => crypto.randomUUID().slice(0, 8);

const readReply = ([epoch, offset, rows]: ReadReply): { position: Position; publications: readonly Publication[] } => ({
  position: { epoch, offset: Number(offset) },
  publications: rows.map(([id, [, data]]) => ({ offset: Number(id.split('-')[0]), data })),
});
