import type { Redis } from 'ioredis';
import { BrokerAway, type Ears, type Heard } from '#application/realtime/ports.ts';
import type { RedisConnection } from '../connection.ts';

const PATIENCE_MS = 5_000;
const TOGETHER = 500;

/**
 * Hears what is published, over a connection of its own, on the channels that somebody follows here. When that connection
 * was lost it listens to all of them again first, and only then says that something may have been missed.
 */
export class RedisEars {
  readonly #connection: RedisConnection;
  readonly #channelOf: (carrier: string) => string;
  readonly #carriers = new Set<string>();
  #redis: Redis | undefined;
  #ears: Ears | undefined;
  #isAgain = false;

  constructor(connection: RedisConnection, channelOf: (carrier: string) => string) {
    this.#connection = connection;
    this.#channelOf = channelOf;
  }

  attach(ears: Ears): void {
    this.#ears = ears;
    this.#redis ??= this.#connect();
  }

  async listen(carrier: string): Promise<void> {
    this.#carriers.add(carrier);
    const redis = this.#redis;
    if (redis?.status !== 'ready') throw new BrokerAway('the broker cannot be listened to');
    await inTime(redis.subscribe(carrier));
  }

  ignore(carrier: string): void {
    this.#carriers.delete(carrier);
    if (this.#redis?.status === 'ready') this.#redis.unsubscribe(carrier).catch(() => undefined);
  }

  close(): void {
    this.#redis?.disconnect();
  }

  #connect(): Redis {
    const redis = this.#connection.duplicate('thali-realtime');
    redis.on('error', () => undefined); // Whoever asks is told.
    redis.on('message', (carrier: string, message: string) => this.#hear(carrier, message));
    redis.on('ready', () => void this.#listenAgain(redis));
    redis.connect().catch(() => undefined);
    return redis;
  }

  async #listenAgain(redis: Redis): Promise<void> {
    const carriers = [...this.#carriers];
    try {
      for (let from = 0; from < carriers.length; from += TOGETHER) await inTime(redis.subscribe(...carriers.slice(from, from + TOGETHER)));
    } catch {
      redis.disconnect(true); // It begins anew, rather than hear a part.
      return;
    }
    if (this.#isAgain) this.#ears?.interrupted();
    this.#isAgain = true;
  }

  #hear(carrier: string, message: string): void {
    const heard = read(message);
    if (heard) this.#ears?.hear(this.#channelOf(carrier), heard);
  }
}

/** `p<epoch> <offset> <data>`, or `s<push>`. */
function read(message: string): Heard | undefined {
  if (message.startsWith('s')) return { kind: 'signal', push: message.slice(1) };
  const [, epoch, offset] = /^p(\w+) (\d+) /.exec(message) ?? [];
  if (epoch === undefined || offset === undefined) return undefined;
  return { kind: 'publication', epoch, publication: { offset: Number(offset), data: message.slice(epoch.length + offset.length + 3) } };
}

async function inTime(asked: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BrokerAway('the broker does not answer')), PATIENCE_MS);
  });
  try {
    await Promise.race([asked, late]);
  } catch (error) {
    throw error instanceof BrokerAway ? error : new BrokerAway('the broker cannot be listened to', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
