import type { Broker, Ears, Position, Publication, Stretch } from '#application/realtime/ports.ts';

/** How many messages a channel keeps, and for how long after the last one. */
export const KEPT_MAX = 300;
export const KEPT_MS = 10 * 60_000;
/** How long a stream is known to be the same one, without anything on it. */
const STREAM_MS = 24 * 60 * 60_000;
const CHANNELS_MAX = 50_000;
const KEYS_MAX = 200_000;

type Stream = { readonly epoch: string; offset: number; kept: Publication[]; publishedAt: number; usedAt: number };

/** The broker of an installation of one process. What it forgets gets a new epoch, so that nobody takes the rest for the whole. */
export class MemoryBroker implements Broker {
  readonly #streams = new Map<string, Stream>();
  readonly #seen = new Map<string, { readonly position: Position; readonly at: number }>();
  readonly #listened = new Set<string>();
  readonly #now: () => number;
  #ears: Ears | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  async publish(channel: string, data: string, key: string): Promise<Position> {
    const known = this.#seen.get(`${channel}\n${key}`);
    if (known) return known.position;
    const stream = this.#stream(channel);
    stream.offset += 1;
    stream.publishedAt = this.#now();
    const publication = { offset: stream.offset, data };
    stream.kept.push(publication);
    if (stream.kept.length > KEPT_MAX) stream.kept.shift();
    const position = { epoch: stream.epoch, offset: stream.offset };
    this.#remember(`${channel}\n${key}`, position);
    if (this.#listened.has(channel)) this.#ears?.hear(channel, { kind: 'publication', epoch: stream.epoch, publication });
    return position;
  }

  async signal(channel: string, push: string): Promise<void> {
    if (this.#listened.has(channel)) this.#ears?.hear(channel, { kind: 'signal', push });
  }

  async listen(channel: string): Promise<void> {
    this.#listened.add(channel);
  }

  ignore(channel: string): void {
    this.#listened.delete(channel);
  }

  async since(channel: string, from?: Position): Promise<Stretch> {
    const { epoch, offset, kept } = this.#stream(channel);
    const position = { epoch, offset };
    if (!from) return { position, publications: [], isComplete: true };
    const publications = from.epoch === epoch ? kept.filter((one) => one.offset > from.offset) : [];
    const isComplete = from.epoch === epoch && publications.length === offset - from.offset;
    return { position, publications: isComplete ? publications : [], isComplete };
  }

  async page(channel: string, { limit, isReverse, since }: Parameters<Broker['page']>[1]): ReturnType<Broker['page']> {
    const { epoch, offset, kept } = this.#stream(channel);
    const ordered = isReverse ? kept.toReversed() : kept;
    const wanted = ordered.filter((one) => since === undefined || (isReverse ? one.offset < since.offset : one.offset > since.offset));
    return { position: { epoch, offset }, publications: wanted.slice(0, limit) };
  }

  attach(ears: Ears): void {
    this.#ears = ears;
  }

  async close(): Promise<void> {
    this.#listened.clear();
  }

  #stream(channel: string): Stream {
    const now = this.#now();
    const known = this.#streams.get(channel);
    const isSame = known !== undefined && now - known.usedAt < STREAM_MS;
    const stream = isSame ? known : { epoch: crypto.randomUUID().slice(0, 8), offset: 0, kept: [], publishedAt: now, usedAt: now };
    stream.usedAt = now;
    if (now - stream.publishedAt > KEPT_MS) stream.kept = [];
    this.#streams.delete(channel);
    this.#streams.set(channel, stream); // The one that was not used for longest stands first.
    if (this.#streams.size > CHANNELS_MAX) this.#streams.delete(this.#streams.keys().next().value as string);
    return stream;
  }

  #remember(key: string, position: Position): void {
    const now = this.#now();
    this.#seen.set(key, { position, at: now });
    for (const [oldest, { at }] of this.#seen) {
      if (now - at < KEPT_MS && this.#seen.size <= KEYS_MAX) break;
      this.#seen.delete(oldest);
    }
  }
}
