import type { WebSocket } from 'ws';
import type { Viewer } from '#domain/realtime/policy.ts';
import type { Allowance } from './allowance.ts';
import { CLOSE, type Close, type Refusal } from './codes.ts';
import type { RequestName } from './commands.ts';
import { PING, refusalOf, replyOf } from './frames.ts';

/** More than this on its way to one client, and it is too slow to follow. */
const BUFFERED_MAX = 1024 * 1024;
const PENDING_MAX = 512;
/** How long a client that does not read has to take notice that it is closed. */
const SLOW_END_MS = 2_000;

export type Subscribed = {
  /** When the token that it was had by expires. */ readonly expiresAt: number | undefined;
  readonly token: string | undefined;
};

/** One client's socket: what it may, what it follows, and one task of its own at a time. */
export class Connection {
  readonly id: string;
  readonly network: string;
  readonly subscriptions = new Map<string, Subscribed>();
  readonly allowance: Allowance;
  readonly openedAt: number;
  /** Set once it has shown a token. */
  viewer: Exclude<Viewer, { readonly kind: 'anonymous' }> | undefined;
  expiresAt = Number.POSITIVE_INFINITY;
  pingedAt: number;
  /** When the answer to the last ping is overdue; undefined when it has come. */
  pongBy: number | undefined;
  refused = 0;
  /** What became of its session could not be found out: it is asked again. */
  isDoubtful = false;
  readonly typedAt = new Map<string, number>();
  readonly #socket: WebSocket;
  readonly #onClosed: (why: Close | undefined) => void;
  #pending = 0;
  #tail: Promise<void> = Promise.resolve();
  isClosed = false;
  /** Resolves when the socket itself has closed. */
  readonly gone: Promise<void>;

  constructor(
    socket: WebSocket,
    about: {
      readonly id: string;
      readonly network: string;
      readonly allowance: Allowance;
      readonly now: number;
      onClosed(why: Close | undefined): void;
    },
  ) {
    this.#socket = socket;
    this.id = about.id;
    this.network = about.network;
    this.allowance = about.allowance;
    this.openedAt = about.now;
    this.pingedAt = about.now;
    this.#onClosed = about.onClosed;
    this.gone = new Promise((resolve) => {
      socket.on('close', () => {
        this.#ended(undefined);
        resolve();
      });
    });
  }

  get userId(): string {
    return this.viewer?.kind === 'account' ? this.viewer.accountId : '';
  }

  get sessionId(): string | undefined {
    return this.viewer?.kind === 'account' ? this.viewer.sessionId : undefined;
  }

  /** Its tasks run one after the other, so that none sees another half done. False when too many wait already. */
  run(task: () => Promise<void>): boolean {
    if (this.#pending >= PENDING_MAX) return false;
    this.#pending += 1;
    this.#tail = this.#tail.then(async () => {
      this.#pending -= 1;
      if (!this.isClosed) await task();
    });
    return true;
  }

  /** Resolves when what it was doing has ended. */
  settled(): Promise<void> {
    return this.#tail;
  }

  reply(id: number, name: RequestName, result: object): void {
    if (id > 0) this.send(Buffer.from(replyOf(id, name, result)));
  }

  refuse(id: number, refusal: Refusal): void {
    if (id > 0) this.send(Buffer.from(refusalOf(id, refusal)));
  }

  ping(now: number, pongBy: number): void {
    this.pingedAt = now;
    this.pongBy = pongBy;
    this.send(PING);
  }

  /** True when it is on its way. Whoever does not read is not waited for. */
  send(text: Buffer): boolean {
    if (this.isClosed || this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount > BUFFERED_MAX) {
      this.close(CLOSE.slow);
      return false;
    }
    this.#socket.send(text, { binary: false });
    return true;
  }

  close(why: Close): void {
    if (this.isClosed) return;
    this.#ended(why);
    this.#socket.close(why.code, why.reason);
    if (why === CLOSE.slow) setTimeout(() => this.#socket.terminate(), SLOW_END_MS).unref();
  }

  /** Does not wait for the other side to agree. */
  end(): void {
    this.#ended(undefined);
    this.#socket.terminate();
  }

  #ended(why: Close | undefined): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#onClosed(why);
  }
}
