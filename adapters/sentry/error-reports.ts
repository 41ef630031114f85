import { randomUUID } from 'node:crypto';
import type { ErrorReport, ErrorReports } from '#application/platform/error-reports.ts';
import { envelopeOf } from './envelope.ts';

export type SentryOptions = {
  /** `https://key@host/project`, or with a path before the project. */
  readonly dsn: string;
  readonly release: string;
  readonly service: string;
  readonly environment: string;
  /** Told when reports are lost, at most once a minute. */
  readonly onLoss?: (lost: number) => void;
};

const QUEUE_MAX = 100;
const PER_MINUTE_MAX = 60;
const MINUTE_MS = 60_000;
const SEND_MS = 5_000;
const STOP_MS = 3_000;
const REST_MAX_MS = 5 * MINUTE_MS;

/** Sends errors to what speaks the protocol of Sentry, one after the other and so many a minute; what is more is counted and dropped. */
export class SentryErrorReports implements ErrorReports {
  readonly #options: SentryOptions;
  readonly #address: URL;
  readonly #key: string;
  readonly #queue: string[] = [];
  #sending: Promise<void> | undefined;
  #window = { began: Number.NEGATIVE_INFINITY, taken: 0 };
  #restUntil = Number.NEGATIVE_INFINITY;
  #lost = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: SentryOptions) {
    this.#options = options;
    const dsn = new URL(options.dsn);
    const [, path = '', project = ''] = /^(.*?)\/?(\d+)$/.exec(dsn.pathname) ?? [];
    this.#key = dsn.username;
    this.#address = new URL(`${path}/api/${project}/envelope/`.replace(/^\/{2,}/, '/'), dsn.origin);
  }

  report(report: ErrorReport): void {
    if (!this.#takes() || !this.#enqueue(report)) {
      this.#lose(1);
      return;
    }
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Gives what waits a moment to leave. */
  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_MS);
    });
    await Promise.race([this.#sending, late]).finally(() => clearTimeout(timer));
    this.#queue.length = 0;
  }

  /** False when it cannot be written down. */
  #enqueue(report: ErrorReport): boolean {
    try {
      const id = randomUUID().replaceAll('-', '');
      this.#queue.push(envelopeOf(report, { ...this.#options, id, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  #takes(): boolean {
    const now = performance.now();
    if (now < this.#restUntil || this.#queue.length >= QUEUE_MAX) return false;
    if (now - this.#window.began >= MINUTE_MS) this.#window = { began: now, taken: 0 };
    this.#window.taken += 1;
    return this.#window.taken <= PER_MINUTE_MAX;
  }

  async #send(): Promise<void> {
    await Promise.resolve(); // Whoever reports does not wait for the first step either.
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      try {
        const answer = await fetch(this.#address, {
          method: 'POST',
          headers: {
            'content-type': 'application/x-sentry-envelope',
            'x-sentry-auth': `Sentry sentry_version=7, sentry_client=thali/${this.#options.release}, sentry_key=${this.#key}`,
          },
          body: next,
          redirect: 'error',
          signal: AbortSignal.timeout(SEND_MS),
        });
        await answer.body?.cancel();
        if (answer.status === 429) this.#rest(answer.headers.get('retry-after'));
        if (!answer.ok) this.#lose(1);
      } catch {
        this.#lose(1);
      }
    }
  }

  #rest(retryAfter: string | null): void {
    const seconds = Number(retryAfter ?? '60');
    this.#restUntil = performance.now() + Math.min(REST_MAX_MS, (Number.isFinite(seconds) && seconds > 0 ? seconds : 60) * 1_000);
    this.#lose(this.#queue.length);
    this.#queue.length = 0;
  }

  #lose(count: number): void {
    this.#lost += count;
    const now = performance.now();
    if (this.#lost === 0 || now - this.#toldAt < MINUTE_MS) return;
    this.#toldAt = now;
    this.#options.onLoss?.(this.#lost);
    this.#lost = 0;
  }
}
