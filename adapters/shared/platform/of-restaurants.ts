import type { Cache } from '#application/platform/cache.ts';
import type { CommitSignal } from '../committed.ts';
import { invalidateOn } from './invalidation.ts';

/** Undefined where there is no such restaurant. The revision grows whenever the value changes. */
export type Revised<T> = { revision(restaurantId: string): Promise<number | undefined>; load(restaurantId: string): Promise<T | undefined> };

export type OfRestaurantsOptions = {
  readonly namespace: string;
  readonly ttlMs: number;
  /** Whether an event of this type makes the restaurant's value untrue. */
  isOutdatedBy(type: string): boolean;
};

/** One value of each restaurant, kept in this process: never behind its own commits, and by a second at most behind those of others. */
export function ofRestaurants<T>({ revision, load }: Revised<T>, options: OfRestaurantsOptions, cache: Cache, committed: CommitSignal) {
  return keep<T>((restaurantId) => ({ revision: () => revision(restaurantId), load: () => load(restaurantId) }), options, cache, committed);
}

/** The same of values that are so small that to ask for the version is to read them. */
export function versionedOfRestaurants<T extends { readonly version: number }>(
  load: (restaurantId: string) => Promise<T | undefined>,
  options: OfRestaurantsOptions,
  cache: Cache,
  committed: CommitSignal,
) {
  const once = (restaurantId: string) => {
    let read: T | undefined;
    const revision = async () => {
      read = await load(restaurantId);
      return read?.version;
    };
    return { revision, load: async () => read ?? load(restaurantId) };
  };
  return keep<T>(once, options, cache, committed);
}

function keep<T>(
  sourceOf: (restaurantId: string) => { revision(): Promise<number | undefined>; load(): Promise<T | undefined> },
  { namespace, ttlMs, isOutdatedBy }: OfRestaurantsOptions,
  cache: Cache,
  committed: CommitSignal,
) {
  const tags = [namespace];
  invalidateOn(committed, cache, 'here', ({ type, restaurantId }) =>
    restaurantId !== null && isOutdatedBy(type) ? { tenant: restaurantId, tags } : undefined,
  );
  return {
    find(restaurantId: string): Promise<T | undefined> {
      const { revision, load } = sourceOf(restaurantId);
      return cache.getOrSet({ namespace, tenant: restaurantId, id: namespace }, { ttlMs, tags, revision }, load);
    },
    forget: (restaurantId: string): void => void cache.invalidate(restaurantId, tags, 'here'),
  };
}
