import type { Log } from '#application/shared/ports.ts';
import type { CommitSignal } from './committed.ts';
import { WorkerLoop } from './worker-loop.ts';

/** Work that goes on beside the requests, from start to stop. */
export type Worker = { start(): void; stop(): Promise<void> };

const POLL_MS = 5_000;
const REST_MS = 20;

/** Does work whenever events of a kind were committed, and every few seconds for what other processes committed. */
export function reaction(
  { name, wants, work }: { readonly name: string; wants(type: string): boolean; work(): Promise<unknown> },
  committed: CommitSignal,
  log: Log,
): Worker {
  const loop = new WorkerLoop({
    step: async () => {
      await work();
      return false;
    },
    onError: (error) => log.error('work beside the requests failed', { name, error }),
    pollMs: POLL_MS,
    gatherMs: 0,
    restMs: REST_MS,
  });
  let unlisten: () => void = () => undefined;
  return {
    start() {
      unlisten = committed.listen((events) => {
        if (events.some(({ type }) => wants(type))) loop.nudge();
      });
      loop.start();
    },
    stop() {
      unlisten();
      return loop.stop();
    },
  };
}
