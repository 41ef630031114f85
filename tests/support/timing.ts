/** The middle of several times. */
export const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number;

const WARM_UP = 3;

/** Does both in turns, so that whatever else the machine does falls on both, and says how far apart their medians are. */
export async function interleaved(
  rounds: number,
  one: (i: number) => Promise<unknown>,
  other: (i: number) => Promise<unknown>,
): Promise<{ readonly apartMs: number; readonly toleratedMs: number }> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < rounds + WARM_UP; i++) {
    for (const [arm, work] of [one, other].entries()) {
      const began = performance.now();
      await work(i);
      if (i >= WARM_UP) times[arm as 0 | 1].push(performance.now() - began);
    }
  }
  const [left, right] = times.map(median) as [number, number];
  return { apartMs: Math.abs(left - right), toleratedMs: Math.max(0.15 * Math.max(left, right), 10) };
}
