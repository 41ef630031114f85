/** What is still to happen, and when. Instants are epoch ms. */
export type Timeline = {
  now(): number;
  at(when: number, run: () => unknown): void;
  /** Virtual time only: lets time pass, and what is due in it happen in order. */
  advance(ms: number): Promise<void>;
  /** Makes everything happen that is due by now. */
  runDue(): Promise<void>;
  readonly waiting: number;
  close(): void;
};

/** Whose time it is: ours (moved by `advance`), or somebody's clock, which timers follow unless they are told not to. */
export type TimeOptions = { readonly startAt: number; readonly clock?: { now(): number }; readonly timers?: boolean };

type Due = { readonly when: number; readonly run: () => unknown };
const TIMER_MAX_MS = 2_147_483_647;

export function createTimeline({ startAt, clock, timers = clock !== undefined }: TimeOptions): Timeline {
  const queue: Due[] = []; // Earliest first; of one instant, first come.
  let virtual = startAt;
  let turn: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = (): number => clock?.now() ?? virtual;

  async function until(limit: () => number): Promise<void> {
    for (let due = queue[0]; due && due.when <= limit(); due = queue[0]) {
      queue.shift();
      virtual = Math.max(virtual, due.when);
      const done = due.run();
      if (!timers) await done; // With a timer running, a slow receiver must not hold up everybody else.
    }
  }
  /** One run at a time, so that what is due happens in order. */
  const inTurn = (limit: () => number): Promise<void> => {
    const run = turn.then(() => until(limit));
    turn = run.catch(() => undefined).then(arm); // What fails is told to who let time pass, and stops nothing that follows.
    return run;
  };
  function arm(): void {
    clearTimeout(timer);
    const [first] = queue;
    if (!timers || !first) return;
    timer = setTimeout(() => void inTurn(now).catch(() => undefined), Math.min(TIMER_MAX_MS, Math.max(0, first.when - now())));
    timer.unref();
  }

  return {
    now,
    at(when, run) {
      const place = queue.findLastIndex((due) => due.when <= when) + 1;
      queue.splice(place, 0, { when, run });
      if (place === 0) arm();
    },
    async advance(ms) {
      if (clock) throw new Error('this clock is not ours to move');
      const target = virtual + Math.max(0, ms);
      await inTurn(() => target);
      virtual = Math.max(virtual, target);
    },
    runDue: () => inTurn(now),
    get waiting() {
      return queue.length;
    },
    close() {
      clearTimeout(timer);
      queue.length = 0;
    },
  };
}
