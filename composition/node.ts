import { hostname } from 'node:os';
import type { Container } from 'inversify';
import { WorkerLoop } from '#adapters/shared/worker-loop.ts';
import { processLoad } from '#adapters/system/load.ts';
import { BEAT_MS, type Node } from '#application/platform/nodes.ts';
import { watchNodes } from '#application/platform/watch-nodes.ts';
import { VERSION } from './app.ts';
import { APART } from './modules/nodes-check.ts';
import { Operations } from './modules/operations.ts';
import { Platform } from './modules/platform.ts';
import type { Part } from './parts.ts';

const TURN_MS = 300;

/** Says of this process, every few seconds, that it lives; and goes without a word only when it must. */
export function heartbeat(container: Container): Part {
  const [nodes, clock, log] = [container.get(Operations.nodes), container.get(Platform.clock), container.get(Platform.log)];
  const { role, redis } = container.get(Platform.config);
  const self: Omit<Node, 'load'> = {
    id: container.get(Operations.nodeId),
    role,
    version: VERSION,
    host: hostname(),
    pid: process.pid,
    hasRedis: redis !== undefined,
    startedAt: clock.now(),
  };
  const load = processLoad();
  let isWarned = false;
  const beat = async (): Promise<boolean> => {
    await nodes.beat({ ...self, load: load.read() });
    if (redis === undefined && !isWarned && (await nodes.alive()).length > 1) {
      isWarned = true;
      log.warn(APART);
      process.stderr.write(`  WARNING    ${APART}\n`);
    }
    return false;
  };
  const loop = new WorkerLoop({
    step: beat,
    onError: (error) => log.error('the heartbeat failed', { error }),
    pollMs: BEAT_MS,
    gatherMs: 0,
    restMs: 0,
  });
  return {
    start: () => loop.start(),
    async stop() {
      await loop.stop();
      load.stop();
      await nodes.leave(self.id).catch((error: unknown) => log.warn('the node could not sign off', { error }));
    },
  };
}

/** Has one node at a time look for those that are lost. */
export function nodeWatch(container: Container): Part {
  const log = container.get(Platform.log);
  const deps = {
    uow: container.get(Operations.uow),
    leadership: container.get(Operations.leadership),
    clock: container.get(Platform.clock),
    ids: container.get(Platform.ids),
    log,
  };
  const { watch, resign } = watchNodes(deps, container.get(Operations.nodeId));
  const step = async (): Promise<boolean> => {
    await watch();
    return false;
  };
  const onError = (error: unknown): void => log.error('the nodes could not be watched', { error });
  const loop = new WorkerLoop({ step, onError, pollMs: BEAT_MS, gatherMs: 0, restMs: 0 });
  return {
    start: () => loop.start(),
    async stop() {
      await loop.stop();
      await resign().catch(onError);
    },
  };
}

/** Does work that every node would do when it starts on one after the other, so that each finds what the one before has made. */
export async function inTurn<T>(container: Container, task: string, work: () => Promise<T>): Promise<T> {
  const [leadership, nodeId] = [container.get(Operations.leadership), container.get(Operations.nodeId)];
  const claim = () => leadership.claim(task, nodeId);
  let term = await claim();
  while (!term) {
    await new Promise<void>((resolve) => setTimeout(resolve, TURN_MS));
    term = await claim();
  }
  const renewal = setInterval(() => void claim().catch(() => undefined), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await leadership.resign(term);
  }
}
