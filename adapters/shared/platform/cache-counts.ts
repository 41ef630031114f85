import type { Measure } from '#application/platform/measures.ts';
import type { TieredCache } from './tiered-cache.ts';

export type CacheCount = { hits: number; misses: number; stale: number; loads: number; errors: number };

/** What became of the questions, by namespace. */
export class CacheCounts {
  readonly #counts = new Map<string, CacheCount>();

  of(namespace: string): CacheCount {
    let count = this.#counts.get(namespace);
    if (!count) {
      count = { hits: 0, misses: 0, stale: 0, loads: 0, errors: 0 };
      this.#counts.set(namespace, count);
    }
    return count;
  }

  entries(): IterableIterator<[string, Readonly<CacheCount>]> {
    return this.#counts.entries();
  }
}

/** The share of questions that needed nobody to read; 1 before there was any. */
const ratioOf = ({ hits, stale, misses }: CacheCount): number => (hits + stale + misses === 0 ? 1 : (hits + stale) / (hits + stale + misses));

/** What is to be watched of a cache. */
export function cacheMeasures({ counts, size }: Pick<TieredCache, 'counts' | 'size'>): readonly Measure[] {
  const measure = (name: string, help: string, numberOf: (count: CacheCount) => number): Measure => ({
    name: `thali_cache_${name}`,
    help,
    labels: ['namespace'],
    read: () => [...counts.entries()].map(([namespace, count]) => ({ labels: { namespace }, value: numberOf(count) })),
  });
  return [
    measure('hits_total', 'Questions that were answered from memory or from Redis', ({ hits }) => hits),
    measure('misses_total', 'Questions for which the source was read', ({ misses }) => misses),
    measure('stale_total', 'Questions answered with a value past its time, while it was read anew or because that failed', ({ stale }) => stale),
    measure('loads_total', 'Times the source was read, once for however many asked', ({ loads }) => loads),
    measure('errors_total', 'Times the source could not be read', ({ errors }) => errors),
    measure('hit_ratio', 'Share of the questions for which nothing was read, since the start', ratioOf),
    { name: 'thali_cache_entries', help: 'Values held in this process', read: () => [{ value: size().entries }] },
    { name: 'thali_cache_size_bytes', help: 'About how much memory they take', read: () => [{ value: size().bytes }] },
  ];
}
