import type { Cache, CacheKey, Keeping } from '#application/platform/cache.ts';
import { CacheCounts } from './cache-counts.ts';
import { type Bounds, Copies, type Copy } from './copies.ts';
import type { Claim, Question, SecondTier, Shared } from './second-tier.ts';

/** How long a copy is believed before it is asked whether it still holds. */
const TRUST_MS = 1_000;
const ABSENT_MS = 1_000;
const JITTER = 0.1;
const TEXT_MAX = 2_000_000;

export type TieredCacheOptions = Bounds & {
  now(): number;
  random(): number;
  /** Whether no other process writes to the same source: then a copy is good for as long as it says, and nobody need be asked. */
  readonly isAlone: boolean;
  readonly second?: SecondTier | undefined;
};

/** A question under way, which all who ask the same meanwhile share. */
type Flight = {
  readonly tags: readonly string[];
  readonly marks: readonly number[];
  /** What those who come meanwhile can make do with. */
  stale: Copy | undefined;
  isLoading: boolean;
  value: Promise<unknown>;
};
type Asked<T> = {
  readonly key: CacheKey;
  readonly name: string;
  readonly keeping: Keeping<T>;
  readonly load: () => Promise<T | undefined>;
  readonly held: Copy | undefined;
  readonly askedAt: number;
};
type Reading<T> = Asked<T> & { readonly flight: Flight };

/** Copies in this process before copies that all processes share, if there are any. */
export class TieredCache implements Cache {
  readonly counts = new CacheCounts();
  readonly #options: TieredCacheOptions;
  readonly #copies: Copies;
  readonly #flights = new Map<string, Flight>();

  constructor(options: TieredCacheOptions) {
    this.#options = options;
    this.#copies = new Copies(options);
  }

  readonly size = () => this.#copies.size();

  async getOrSet<T>(key: CacheKey, keeping: Keeping<T>, load: () => Promise<T | undefined>): Promise<T | undefined> {
    const name = nameOf(key);
    const held = this.#copies.get(name);
    const askedAt = this.#options.now();
    const count = this.counts.of(key.namespace);
    if (held && this.#isTrusted(held, keeping, askedAt)) {
      count.hits += 1;
      return held.value as T | undefined;
    }
    const flight = this.#flights.get(name);
    if (!flight || !this.#copies.stand(flight)) return this.#fly({ key, name, keeping, load, held, askedAt });
    if (flight.stale) {
      count.stale += 1;
      return flight.stale.value as T | undefined;
    }
    const value = await (flight.value as Promise<T | undefined>);
    count[flight.isLoading ? 'misses' : 'hits'] += 1;
    return value;
  }

  async invalidate(tenant: string, tags: readonly string[], reach: 'here' | 'everywhere'): Promise<void> {
    this.#copies.invalidate(tags.map((tag) => tagOf(tenant, tag)));
    if (reach === 'everywhere') await this.#options.second?.invalidate(tenant, tags);
  }

  async forget(key: CacheKey): Promise<void> {
    const name = nameOf(key);
    this.#copies.delete(name);
    this.#flights.delete(name);
    await this.#options.second?.forget(key);
  }

  #isTrusted(held: Copy, keeping: Lifetime, now: number): boolean {
    const trustMs = this.#options.isAlone && !keeping.revision ? Number.POSITIVE_INFINITY : TRUST_MS;
    const age = now - held.checkedAt;
    // Below zero the clock was set back, and says nothing of how old the value is.
    return age >= 0 && age < trustMs && now < held.goodUntil;
  }

  #fly<T>(asked: Asked<T>): Promise<T | undefined> {
    const { key, name, keeping, held, askedAt } = asked;
    const tags = (keeping.tags ?? []).map((tag) => tagOf(key.tenant, tag));
    // What others share is theirs to call stale; what has a revision never is while it can be asked.
    const isOurOwn = !keeping.revision && !(this.#options.second && keeping.wire);
    const stale = isOurOwn && held && askedAt >= held.goodUntil && isServable(held, keeping, askedAt) ? held : undefined;
    const flight: Flight = { tags, marks: this.#copies.mark(tags), stale, isLoading: false, value: Promise.resolve() };
    const value = this.#read({ ...asked, flight }).finally(() => this.#flights.get(name) === flight && this.#flights.delete(name));
    flight.value = value;
    this.#flights.set(name, flight);
    return value;
  }

  /** Whether nothing has overtaken what is being read. */
  #isCurrent({ name, flight }: Pick<Reading<unknown>, 'name' | 'flight'>): boolean {
    return this.#flights.get(name) === flight && this.#copies.stand(flight);
  }

  #read<T>(reading: Reading<T>): Promise<T | undefined> {
    const { revision, wire } = reading.keeping;
    if (revision) return this.#readRevised(reading, revision);
    const { second } = this.#options;
    return second && wire ? this.#readShared(reading, second) : this.#load(reading, { stale: reading.held });
  }

  async #readRevised<T>(reading: Reading<T>, ask: () => Promise<number | undefined>): Promise<T | undefined> {
    const { key, held, askedAt } = reading;
    let revision: number | undefined;
    try {
      revision = await ask();
    } catch (error) {
      return this.#makeDo(reading, held, error);
    }
    if (revision === undefined) return this.#keep(reading, undefined, {});
    if (held?.revision !== revision) return this.#load(reading, { revision });
    if (askedAt >= held.goodUntil) return this.#load(reading, { revision, stale: held });
    this.counts.of(key.namespace).hits += 1;
    return this.#renew(reading, held, held.goodUntil);
  }

  async #readShared<T>(reading: Reading<T>, second: SecondTier): Promise<T | undefined> {
    const { key, keeping, held, askedAt } = reading;
    const count = this.counts.of(key.namespace);
    const question: Question = { key, tags: keeping.tags ?? [], stamp: held?.stamp, staleMs: keeping.staleMs ?? 0 };
    const answer = await second.read(question).catch(() => undefined);
    switch (answer?.state) {
      case undefined: // It is away.
        return this.#load(reading, { stale: held });
      case 'same':
        count.hits += 1;
        return held ? this.#renew(reading, held, askedAt + answer.leftMs) : undefined;
      case 'good':
        count.hits += 1;
        return this.#keep(reading, decoded(answer, keeping), { stamp: answer.stamp, goodUntil: askedAt + answer.leftMs });
      case 'busy':
        if (!answer.stale) return this.#load(reading, {});
        count.stale += 1;
        return decoded(answer.stale, keeping);
      case 'claimed': {
        // What is held here may have been overtaken elsewhere; what is stale there was not.
        const stale = answer.stale && this.#copyOf(reading, decoded(answer.stale, keeping), { goodUntil: askedAt });
        reading.flight.stale = stale;
        return this.#load(reading, { stale, handIn: { second, question, claim: answer.claim } });
      }
    }
  }

  async #load<T>(
    reading: Reading<T>,
    { revision, stale, handIn }: { readonly revision?: number; readonly stale?: Copy | undefined; readonly handIn?: HandIn },
  ): Promise<T | undefined> {
    const { key, load, flight } = reading;
    const count = this.counts.of(key.namespace);
    flight.isLoading = true;
    count.loads += 1;
    count.misses += 1;
    let value: T | undefined;
    try {
      value = await load();
    } catch (error) {
      if (handIn) void handIn.second.release(handIn.question, handIn.claim).catch(() => undefined);
      return this.#makeDo(reading, stale, error);
    }
    this.#keep(reading, value, { revision, stamp: handIn?.claim.token });
    if (handIn) this.#handIn(reading, value, handIn);
    return value;
  }

  /** Nobody waits for it: whoever asks meanwhile waits for the claim or has the copy here. */
  #handIn<T>(reading: Reading<T>, value: T | undefined, { second, question, claim }: HandIn): void {
    const { name, keeping } = reading;
    const text = value === undefined || !keeping.wire ? '' : JSON.stringify(keeping.wire.to(value));
    const ttlMs = value === undefined ? (keeping.absentMs ?? ABSENT_MS) : this.#spread(keeping.ttlMs);
    const isWanted = this.#isCurrent(reading) && text.length <= TEXT_MAX;
    const written = isWanted ? second.write(question, claim, text, ttlMs) : second.release(question, claim).then(() => true);
    written.then(
      (isKept) => {
        if (!isKept && this.#copies.get(name)?.stamp === claim.token) this.#copies.delete(name);
      },
      () => undefined,
    );
  }

  #makeDo<T>({ key, keeping, askedAt }: Reading<T>, held: Copy | undefined, error: unknown): T | undefined {
    const count = this.counts.of(key.namespace);
    count.errors += 1;
    if (!held || !this.#copies.stand(held) || !isServable(held, keeping, askedAt)) throw error;
    count.stale += 1;
    return held.value as T | undefined;
  }

  #renew<T>(reading: Reading<T>, held: Copy, goodUntil: number): T | undefined {
    const staleUntil = goodUntil + (reading.keeping.staleMs ?? 0);
    if (this.#isCurrent(reading)) this.#copies.set(reading.name, { ...held, checkedAt: reading.askedAt, goodUntil, staleUntil });
    return held.value as T | undefined;
  }

  #keep<T>(reading: Reading<T>, value: T | undefined, known: Known): T | undefined {
    if (this.#isCurrent(reading)) this.#copies.set(reading.name, this.#copyOf(reading, value, known));
    return value;
  }

  #copyOf<T>({ keeping, askedAt, flight: { tags, marks } }: Reading<T>, value: T | undefined, { revision, stamp, goodUntil }: Known): Copy {
    const ttlMs = value === undefined ? (keeping.absentMs ?? ABSENT_MS) : this.#spread(keeping.ttlMs);
    const until = goodUntil ?? askedAt + ttlMs;
    const staleUntil = until + (value === undefined ? 0 : (keeping.staleMs ?? 0));
    return { value, tags, marks, revision, stamp, checkedAt: askedAt, goodUntil: until, staleUntil };
  }

  #spread(ttlMs: number): number {
    return ttlMs * (1 + JITTER * (2 * this.#options.random() - 1));
  }
}

type Lifetime = Pick<Keeping<unknown>, 'staleMs' | 'revision'>;
type HandIn = { readonly second: SecondTier; readonly question: Question; readonly claim: Claim };
type Known = { readonly revision?: number | undefined; readonly stamp?: string | undefined; readonly goodUntil?: number };

const isServable = (held: Copy, { staleMs = 0 }: Lifetime, now: number): boolean => staleMs > 0 && now < held.staleUntil;
const decoded = <T>({ text }: Shared, { wire }: Keeping<T>): T | undefined => (text === '' || !wire ? undefined : wire.from(JSON.parse(text)));
const nameOf = ({ tenant, namespace, id }: CacheKey): string => `${tenant}:${namespace}:${id}`;
const tagOf = (tenant: string, tag: string): string => `${tenant}:${tag}`;
