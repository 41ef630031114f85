import { Redis } from 'ioredis';
import type { Log } from '#application/shared/ports.ts';
import { type Call, noted } from '../shared/telemetry/calls.ts';

/** Longer than this no request waits for Redis, unless told otherwise; whoever asked does without it. */
const PATIENCE_MS = 40;
const PROBE_MS = 250;
const CONNECT_MS = 1_000;
const RETRY_MAX_MS = 1_000;
const COMPLAIN_MS = 60_000;
const CALL: Call = { system: 'redis', operation: 'redis', took: undefined, attributes: () => ({ 'db.system.name': 'redis' }) };

/** Redis does not answer, or refuses to. What it would have said must be had elsewhere. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
}

export type RedisOptions = { readonly url: string; readonly prefix: string; readonly patienceMs?: number };
export type RedisStats = { readonly isAway: boolean; readonly calls: number; readonly failures: number; readonly refused: number };

/**
 * One Redis server behind a circuit breaker: the first call that fails opens it, then calls fail at once, and a probe of
 * its own, never a request, finds out when the server is back.
 */
export class RedisConnection {
  readonly #redis: Redis;
  readonly #log: Log;
  readonly #prefix: string;
  readonly #patienceMs: number;
  #ears: Redis | undefined;
  #isAway = true; // Until the first probe says otherwise.
  #isClosed = false;
  #warnedOf: string | undefined;
  #complainedAt = Number.NEGATIVE_INFINITY;
  #probe: NodeJS.Timeout | undefined;
  readonly #stats = { calls: 0, failures: 0, refused: 0 };

  constructor({ url, prefix, patienceMs = PATIENCE_MS }: RedisOptions, log: Log) {
    this.#log = log;
    this.#patienceMs = patienceMs;
    this.#prefix = prefix;
    this.#redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      connectTimeout: CONNECT_MS,
      enableAutoPipelining: true,
      connectionName: 'thali',
      retryStrategy: (times) => Math.min(50 * times, RETRY_MAX_MS),
    });
    this.#redis.on('error', () => undefined); // Whoever calls is told; here there would be a line for every attempt to reconnect.
  }

  /** Connects, and waits no longer than a first answer may take. Without one it goes on trying. */
  async open(): Promise<void> {
    await this.#redis.connect().catch(() => undefined);
    await this.#look(CONNECT_MS);
  }

  /** A name that no other installation on the same server has. */
  key(...parts: readonly string[]): string {
    return [this.#prefix, ...parts].join(':');
  }

  get stats(): RedisStats {
    return { isAway: this.#isAway, ...this.#stats };
  }

  /** What the server says, or RedisAway: at once while it is known to be, and within its patience when it turns out so. */
  async run<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
    if (this.#isAway) {
      this.#stats.refused += 1;
      throw new RedisAway('Redis is away');
    }
    this.#stats.calls += 1;
    try {
      return await noted(CALL, () => patiently(ask(this.#redis), this.#patienceMs));
    } catch (error) {
      this.#stats.failures += 1;
      // It is there, and full, read-only or loading: nobody waits for that answer, so it is asked again.
      if (error instanceof Error && error.name === 'ReplyError') this.#complain(error);
      else this.#leave(error);
      throw new RedisAway('Redis does not answer as it should', { cause: error });
    }
  }

  /** By which policy the server drops keys when its memory is full; undefined when it drops none, or does not say. */
  evictionPolicy = (): Promise<string | undefined> => this.run(evictionPolicyOf);

  /**
   * Hears what is published on a channel, over a connection of its own, and again after every time it was lost. By
   * ourselves: a server that refuses to be listened to must not take the process with it, and is asked again.
   */
  subscribe(channel: string, hear: (message: string) => void): void {
    this.#ears ??= this.#redis.duplicate({
      connectionName: 'thali-subscriber',
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      autoResubscribe: false,
    });
    const ears = this.#ears;
    const listen = (): void => {
      ears.subscribe(channel).catch((error: Error) => {
        this.#complain(error);
        if (!this.#isClosed) setTimeout(listen, PROBE_MS).unref();
      });
    };
    ears.on('error', () => undefined);
    ears.on('message', (from: string, message: string) => from === channel && hear(message));
    ears.on('ready', listen);
    if (ears.status === 'ready') listen();
    else if (ears.status === 'wait') ears.connect().catch(() => undefined);
  }

  /** A connection of its own to the same server, not open yet, for who listens on many channels that come and go. */
  duplicate(connectionName: string): Redis {
    return this.#redis.duplicate({ connectionName, autoResubscribe: false });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#probe);
    this.#ears?.disconnect();
    this.#redis.disconnect();
  }

  #complain({ message }: Error): void {
    const now = performance.now();
    if (now - this.#complainedAt < COMPLAIN_MS) return;
    this.#complainedAt = now;
    this.#log.error('Redis refuses what it is asked; this process does without it', { reason: message });
  }

  #leave(error: unknown): void {
    if (this.#isAway || this.#isClosed) return;
    this.#isAway = true;
    this.#log.warn('Redis is away: limits are counted in this process, sessions are asked of the database', { reason: (error as Error).message });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#probe = setTimeout(() => void this.#look(), PROBE_MS);
    this.#probe.unref();
  }

  async #look(ms = this.#patienceMs): Promise<void> {
    const isThere = await patiently(this.#redis.ping(), ms).then(
      () => true,
      () => false,
    );
    if (!isThere) return this.#schedule();
    if (this.#isAway && this.#stats.calls > 0) this.#log.info('Redis is back');
    this.#isAway = false;
    await this.#warnIfItForgets(ms);
  }

  /** Once for a policy, however often the connection is lost. */
  async #warnIfItForgets(ms: number): Promise<void> {
    const policy = await patiently(evictionPolicyOf(this.#redis), ms).catch(() => this.#warnedOf);
    if (policy !== undefined && policy !== this.#warnedOf)
      this.#log.warn('Redis forgets limits and ended sessions when its memory is full: set its maxmemory-policy to noeviction', { policy });
    this.#warnedOf = policy;
  }
}

/** By what INFO tells: on many servers nobody may ask for CONFIG. One that refuses that as well is no outage. */
async function evictionPolicyOf(redis: Redis): Promise<string | undefined> {
  const info = await redis.info('memory').catch((error: Error) => {
    if (error.name === 'ReplyError') return '';
    throw error;
  });
  const told = new Map(info.split('\r\n').map((line) => line.split(':', 2) as [string, string]));
  const policy = told.get('maxmemory_policy');
  return Number(told.get('maxmemory') ?? 0) > 0 && policy !== 'noeviction' ? policy : undefined;
}

/**
 * Gives up in the end, but not before what has already arrived was read: a busy loop runs its timers first, and
 * would take its own delay for the server's.
 */
function patiently<T>(answer: Promise<T>, ms: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new Error(`no answer within ${ms} ms`))), ms);
    answer.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
