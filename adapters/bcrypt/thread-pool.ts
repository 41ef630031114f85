import { Worker } from 'node:worker_threads';
import { HasherBusy } from '#application/identity/ports.ts';
import type { Task } from './worker.ts';

const ATTEMPTS = 2;

type Answer = string | boolean;
type Work = {
  readonly task: Task;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
  attempts: number;
};

export type PoolLimits = { readonly threads: number; readonly waitingMax: number; readonly waitMaxMs: number };

/** A few threads that work one task at a time. They are started when first needed, and again when they die. */
export class ThreadPool {
  readonly #limits: PoolLimits;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Work>();
  readonly #waiting: Work[] = [];
  #whenIdle: (() => void) | undefined;
  #isClosed = false;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  /** Throws HasherBusy when too many wait already, or when its turn does not come in time. */
  run(task: Task): Promise<Answer> {
    if (this.#isClosed) return Promise.reject(new HasherBusy('the password hasher is closed'));
    if (!this.#hasRoom() && this.#waiting.length >= this.#limits.waitingMax)
      return Promise.reject(new HasherBusy('too many passwords are waiting to be hashed'));
    return new Promise((resolve, reject) => {
      const work: Work = { task, resolve, reject, attempts: 0, timer: setTimeout(() => this.#giveUp(work), this.#limits.waitMaxMs) };
      this.#waiting.push(work);
      this.#dispatch();
    });
  }

  /** Refuses what waits, finishes what is under way, and ends the threads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer, reject } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(new HasherBusy('the password hasher is closed'));
    }
    if (this.#busy.size > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }

  #hasRoom(): boolean {
    return this.#idle.length > 0 || this.#busy.size < this.#limits.threads;
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && this.#hasRoom()) {
      const work = this.#waiting.shift() as Work;
      const thread = this.#idle.pop() ?? this.#start();
      clearTimeout(work.timer);
      work.attempts += 1;
      this.#busy.set(thread, work);
      thread.ref();
      thread.postMessage(work.task);
    }
  }

  /** A thread knows neither the environment nor the keys: what it is given is already keyed. */
  #start(): Worker {
    const thread = new Worker(new URL('./worker.ts', import.meta.url), { env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 64 } });
    let cause: unknown;
    thread.on('message', (answer: Answer) => {
      const work = this.#busy.get(thread);
      this.#busy.delete(thread);
      this.#idle.push(thread);
      thread.unref();
      work?.resolve(answer);
      this.#next();
    });
    thread.on('error', (error) => {
      cause = error;
    });
    thread.on('exit', () => this.#bury(thread, cause));
    return thread;
  }

  #bury(thread: Worker, cause: unknown): void {
    const at = this.#idle.indexOf(thread);
    if (at >= 0) this.#idle.splice(at, 1);
    const work = this.#busy.get(thread);
    this.#busy.delete(thread);
    if (work && work.attempts < ATTEMPTS && !this.#isClosed) this.#waiting.unshift(work);
    else work?.reject(new Error('the thread that hashed a password died', { cause }));
    this.#next();
  }

  #next(): void {
    if (this.#isClosed && this.#busy.size === 0) this.#whenIdle?.();
    else this.#dispatch();
  }

  #giveUp(work: Work): void {
    const at = this.#waiting.indexOf(work);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    work.reject(new HasherBusy('waited too long for a password to be hashed'));
  }
}
