import type { AccountActor, SessionStandings } from '#application/identity/ports.ts';
import type { CommitSignal, Committed } from '../../shared/committed.ts';
import { Lru } from '../../shared/lru.ts';
import { standingChanges } from '../../shared/standing-changes.ts';

const TRUST_MS = 5_000;
const ENTRIES_MAX = 20_000;

type Load = (sessionId: string) => Promise<AccountActor | undefined>;
type Held = { readonly standing: Promise<AccountActor | undefined>; readonly askedAt: number };

/**
 * Keeps standings in this process. What is being loaded is already kept, so that a commit which comes meanwhile drops it
 * too, and whoever asks after that commit loads again.
 */
export class MemorySessionStandings implements SessionStandings {
  readonly #held = new Lru<string, Held>(ENTRIES_MAX);
  readonly #now: () => number;

  constructor(committed: CommitSignal, now: () => number) {
    this.#now = now;
    committed.listen((events) => this.#forget(events));
  }

  get(sessionId: string, load: Load): Promise<AccountActor | undefined> {
    const held = this.#held.get(sessionId);
    const now = this.#now();
    if (held && now - held.askedAt < TRUST_MS) return held.standing;

    const standing = load(sessionId);
    const asked: Held = { standing, askedAt: now };
    this.#held.set(sessionId, asked);
    standing.catch(() => this.#held.get(sessionId) === asked && this.#held.delete(sessionId));
    return standing;
  }

  #forget(events: Committed): void {
    const { sessionIds, isEverybody } = standingChanges(events);
    if (isEverybody) this.#held.clear();
    else for (const sessionId of sessionIds) this.#held.delete(sessionId);
  }
}
