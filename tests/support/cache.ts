import { RedisCacheTier } from '#adapters/redis/cache-tier.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { TieredCache } from '#adapters/shared/platform/tiered-cache.ts';
import { asJson, type CacheKey, type Keeping } from '#application/platform/cache.ts';

/** A cache as one process has it. Over Redis it believes its own copies for a second only. */
export const cacheOn = (connection: RedisConnection | undefined, now: () => number = Date.now, random = () => 0.5): TieredCache =>
  new TieredCache({
    now,
    random,
    isAlone: connection === undefined,
    second: connection && new RedisCacheTier(connection),
    entriesMax: 1_000,
    bytesMax: 10_000_000,
  });

/** Something that is read slowly and changes: `read` is what a cache is to save. */
export class Source {
  value: string | undefined = 'first';
  reads = 0;
  failing = false;
  #gate: Promise<void> = Promise.resolve();
  #began: (() => void) | undefined;

  readonly read = async (): Promise<{ readonly text: string } | undefined> => {
    this.reads += 1;
    const { value } = this;
    this.#began?.();
    await this.#gate;
    if (this.failing) throw new Error('no answer');
    return value === undefined ? undefined : { text: value };
  };

  /** Lets those who read from now on wait until it is opened; `began` resolves when one of them has read. */
  hold(): { readonly began: Promise<void>; open(): void } {
    const gate = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    this.#gate = gate.promise;
    this.#began = began.resolve;
    return { began: began.promise, open: gate.resolve };
  }

  /** Whoever reads from now on does not wait; those who wait go on waiting. */
  flow(): void {
    this.#gate = Promise.resolve();
  }
}

export const KEEP: Keeping<{ readonly text: string }> = { ttlMs: 60_000, tags: ['things'], wire: asJson() };
export const keyOf = (id: string, tenant = 'r1'): CacheKey => ({ namespace: 'things', tenant, id });
