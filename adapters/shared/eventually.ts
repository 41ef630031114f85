const STEP_MS = 20;

/** Asks again until the answer will do or the time is up; the last answer either way. For reads of what a subscription writes. */
export async function eventually<T>(ask: () => Promise<T>, willDo: (answer: T) => boolean, withinMs: number): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (willDo(answer) || performance.now() >= until) return answer;
    await new Promise<void>((resolve) => setTimeout(resolve, STEP_MS));
  }
}
