import { parentPort } from 'node:worker_threads';
import { compareSync, hashSync } from 'bcryptjs';

/** What a thread is asked for: a new hash of a text, or whether a text is the one that was hashed. */
export type Task =
  | { readonly kind: 'hash'; readonly text: string; readonly cost: number }
  | { readonly kind: 'verify'; readonly text: string; readonly hash: string };

parentPort?.on('message', (task: Task) => {
  parentPort?.postMessage(task.kind === 'hash' ? hashSync(task.text, task.cost) : compareSync(task.text, task.hash));
});
