import type { AccountActor, SessionStandings } from '#application/identity/ports.ts';
import type { CommitSignal, Committed } from '../../shared/committed.ts';
import { Lru } from '../../shared/lru.ts';
import { standingChanges } from '../../shared/standing-changes.ts';
import { RedisAway, type RedisConnection } from '../connection.ts';

const TRUST_MS = 5_000;
const ENTRIES_MAX = 20_000;
/** Longer than anybody trusts what they hold. */
const MARK_SECONDS = 60;

type Load = (sessionId: string) => Promise<AccountActor | undefined>;
type Held = { readonly standing: Promise<AccountActor | undefined>; readonly marks: string; readonly askedAt: number };

/**
 * Keeps standings in this process, and asks Redis before each use whether another node has changed them: a commit raises
 * the mark of its sessions, and what was loaded under other marks is loaded again. While Redis is away nothing that is held
 * can be trusted, so every question goes to the database, and fails if that is away too.
 */
export class RedisSessionStandings implements SessionStandings {
  readonly #held = new Lru<string, Held>(ENTRIES_MAX);
  readonly #connection: RedisConnection;
  readonly #now: () => number;

  constructor(connection: RedisConnection, committed: CommitSignal, now: () => number) {
    this.#connection = connection;
    this.#now = now;
    committed.listen((events) => this.#forget(events, committed.isRelayed));
  }

  async get(sessionId: string, load: Load): Promise<AccountActor | undefined> {
    const marks = await this.#marks(sessionId);
    if (marks === undefined) return load(sessionId);
    const held = this.#held.get(sessionId);
    const now = this.#now();
    if (held && held.marks === marks && now - held.askedAt < TRUST_MS) return held.standing;

    const standing = load(sessionId); // Read after its marks: a commit in between makes it stale, never too fresh.
    const asked: Held = { standing, marks, askedAt: now };
    this.#held.set(sessionId, asked);
    standing.catch(() => this.#held.get(sessionId) === asked && this.#held.delete(sessionId));
    return standing;
  }

  /** What tells whether a standing is still what was loaded; undefined while Redis is away. */
  async #marks(sessionId: string): Promise<string | undefined> {
    try {
      const marks = await this.#connection.run((redis) => redis.mget(this.#key(sessionId), this.#key('everybody')));
      return marks.map((mark) => mark ?? '').join('/');
    } catch (error) {
      if (error instanceof RedisAway) return undefined;
      throw error;
    }
  }

  #forget(events: Committed, isRelayed: boolean): void {
    const { sessionIds, isEverybody } = standingChanges(events);
    if (isEverybody) this.#held.clear();
    for (const sessionId of sessionIds) this.#held.delete(sessionId);
    // Whoever committed it raises its marks.
    if (!isRelayed) void this.#raise([...new Set([...sessionIds, ...(isEverybody ? ['everybody'] : [])])]);
  }

  /** A mark that cannot be raised costs the others TRUST_MS, and no more. */
  async #raise(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const raise = this.#connection.run(async (redis) => {
      const multi = redis.multi();
      for (const name of names) multi.incr(this.#key(name)).expire(this.#key(name), MARK_SECONDS);
      await multi.exec();
    });
    await raise.catch(() => undefined);
  }

  #key(name: string): string {
    return this.#connection.key('standing', name);
  }
}
