import { randomUUID } from 'node:crypto';
import type { CommitSignal, Committed } from '../shared/committed.ts';
import type { RedisConnection } from './connection.ts';

type Message = { readonly from: string; readonly events: Committed };

/**
 * Tells the other processes of every commit of this one, and this one of theirs, so that subscriptions wake and caches
 * forget at once. It may lose one while Redis is away: the polls find what it did not tell.
 */
export class CommitRelay {
  readonly #connection: RedisConnection;
  readonly #committed: CommitSignal;
  readonly #self: string = randomUUID();
  #unlisten: () => void = () => undefined;

  constructor(connection: RedisConnection, committed: CommitSignal) {
    this.#connection = connection;
    this.#committed = committed;
  }

  start(): void {
    this.#connection.subscribe(this.#channel, (text) => this.#hear(text));
    this.#unlisten = this.#committed.listen((events) => {
      if (!this.#committed.isRelayed) this.#tell(events);
    });
  }

  stop(): void {
    this.#unlisten();
  }

  #tell(events: Committed): void {
    const message: Message = { from: this.#self, events };
    this.#connection.run((redis) => redis.publish(this.#channel, JSON.stringify(message))).catch(() => undefined);
  }

  #hear(text: string): void {
    const message = read(text);
    if (message && message.from !== this.#self) this.#committed.relay(message.events);
  }

  get #channel(): string {
    return this.#connection.key('committed');
  }
}

/** What another process of ours wrote; undefined for anything else that is on the channel. */
function read(text: string): Message | undefined {
  try {
    const message = JSON.parse(text) as Message;
    return typeof message.from === 'string' && Array.isArray(message.events) ? message : undefined;
  } catch {
    return undefined;
  }
}
