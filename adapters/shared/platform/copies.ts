import { LRUCache } from 'lru-cache';
import { Lru } from '../lru.ts';

/** A value as this process holds it. `marks` are its tags as they stood before it was read. */
export type Copy = {
  readonly value: unknown;
  readonly tags: readonly string[];
  readonly marks: readonly number[];
  readonly revision: number | undefined;
  /** What the shared copy is called that this was made from. */
  readonly stamp: string | undefined;
  readonly checkedAt: number;
  readonly goodUntil: number;
  readonly staleUntil: number;
};

export type Bounds = { readonly entriesMax: number; readonly bytesMax: number };
const TAGS_MAX = 100_000;

/** The copies of one process, bounded in number and in size, and the versions of their tags: to invalidate is to count on. */
export class Copies {
  readonly #copies: LRUCache<string, Copy>;
  readonly #versions = new Lru<string, number>(TAGS_MAX);
  #latest = 0;

  constructor({ entriesMax, bytesMax }: Bounds) {
    this.#copies = new LRUCache({ max: entriesMax, maxSize: bytesMax, sizeCalculation: ({ value }) => weightOf(value) });
  }

  size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#copies.size, bytes: this.#copies.calculatedSize };
  }

  /** One that no invalidation has overtaken. */
  get(name: string): Copy | undefined {
    const copy = this.#copies.get(name);
    return copy && this.stand(copy) ? copy : undefined;
  }

  set(name: string, copy: Copy): void {
    this.#copies.set(name, copy);
  }

  delete(name: string): void {
    this.#copies.delete(name);
  }

  /** The tags as they stand now. */
  mark(tags: readonly string[]): readonly number[] {
    return tags.map((tag) => this.#versions.get(tag) ?? this.#next(tag));
  }

  /** A tag that was forgotten has no version, so what bears it is read anew. */
  stand({ tags, marks }: Pick<Copy, 'tags' | 'marks'>): boolean {
    return tags.every((tag, i) => this.#versions.get(tag) === marks[i]);
  }

  invalidate(tags: readonly string[]): void {
    for (const tag of tags) this.#next(tag);
  }

  #next(tag: string): number {
    this.#latest += 1;
    this.#versions.set(tag, this.#latest);
    return this.#latest;
  }
}

/** About how many bytes a value takes; what it cannot see into counts as a word. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return 16 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let weight = 32;
  if (value instanceof Map) for (const [key, one] of value) weight += weightOf(key) + weightOf(one);
  else if (Array.isArray(value) || value instanceof Set) for (const one of value) weight += weightOf(one);
  else for (const one of Object.values(value)) weight += 16 + weightOf(one);
  return weight;
}
