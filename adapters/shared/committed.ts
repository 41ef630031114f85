import { Signal } from './signal.ts';

/** What a transaction appended to the log, told to this process once it is committed. */
export type Committed = readonly { readonly type: string; readonly stream: string; readonly restaurantId: string | null }[];

/** The nudge after a commit: subscribers wake up and caches forget. Between processes a poll does the same, later. */
export class CommitSignal extends Signal<Committed> {
  #isRelayed = false;

  /** Whether what listeners are being told was committed by another process. */
  get isRelayed(): boolean {
    return this.#isRelayed;
  }

  /** Tells what another process committed. */
  relay(events: Committed): void {
    this.#isRelayed = true;
    try {
      this.emit(events);
    } finally {
      this.#isRelayed = false;
    }
  }
}
