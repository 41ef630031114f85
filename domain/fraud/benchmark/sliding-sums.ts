const CAPACITY_FIRST = 8;

/** More entries than this in the longest window, and the oldest leave early: what one key may take is bounded. */
export const ENTRIES_MAX = 4_096;

/**
 * Exact counts and sums over several trailing windows `(now - length, now]` at once: one ring of entries in time order, and for every window the
 * place where it begins. Values are whole numbers, so that sums carry no rounding.
 */
export type SlidingSums = {
  /** Entries come in time order. */
  readonly add: (at: number, value: number) => void;
  /** Lets go of what is too old. Reading without it reads the past. */
  readonly advance: (now: number) => void;
  readonly count: (window: number) => number;
  readonly sum: (window: number) => number;
};

/** `lengths` in seconds, the longest last. */
export function createSlidingSums(lengths: readonly number[]): SlidingSums {
  let times = new Float64Array(CAPACITY_FIRST);
  let values = new Float64Array(CAPACITY_FIRST);
  let next = 0; // Entries are numbered from 0 for ever; entry n lies at n modulo the capacity, a power of two.
  const begins = new Array<number>(lengths.length).fill(0);
  const sums = new Array<number>(lengths.length).fill(0);
  const last = lengths.length - 1;
  const oldest = (): number => begins[last] as number;

  const drop = (window: number): void => {
    const begin = begins[window] as number;
    sums[window] = (sums[window] as number) - (values[begin & (times.length - 1)] as number);
    begins[window] = begin + 1;
  };

  const advance = (now: number): void => {
    for (let window = 0; window < lengths.length; window++) {
      const horizon = now - (lengths[window] as number);
      while ((begins[window] as number) < next && (times[(begins[window] as number) & (times.length - 1)] as number) <= horizon) drop(window);
    }
  };

  const makeRoom = (): void => {
    if (next - oldest() < times.length) return;
    if (times.length === ENTRIES_MAX) {
      const leaving = oldest();
      for (let window = 0; window < lengths.length; window++) if (begins[window] === leaving) drop(window);
      return;
    }
    const [widerTimes, widerValues] = [new Float64Array(times.length * 2), new Float64Array(times.length * 2)];
    for (let entry = oldest(); entry < next; entry++) {
      widerTimes[entry & (widerTimes.length - 1)] = times[entry & (times.length - 1)] as number;
      widerValues[entry & (widerValues.length - 1)] = values[entry & (values.length - 1)] as number;
    }
    [times, values] = [widerTimes, widerValues];
  };

  return {
    add(at, value) {
      advance(at);
      makeRoom();
      times[next & (times.length - 1)] = at;
      values[next & (times.length - 1)] = value;
      next += 1;
      for (let window = 0; window < lengths.length; window++) sums[window] = (sums[window] as number) + value;
    },
    advance,
    count: (window) => next - (begins[window] as number),
    sum: (window) => sums[window] as number,
  };
}
