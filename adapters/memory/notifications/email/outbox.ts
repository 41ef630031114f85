import type { MailTransport, Message, Outbox } from '#application/notifications/email/ports.ts';

const KEPT_MAX = 200;

/** Keeps the last mails instead of sending them, for whoever develops on this machine. */
export class MemoryOutbox implements MailTransport, Outbox {
  readonly #kept: (Message & { readonly at: number })[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async send(message: Message) {
    this.#kept.unshift({ ...message, at: this.#now() });
    this.#kept.length = Math.min(this.#kept.length, KEPT_MAX);
    return { outcome: 'sent' } as const;
  }

  /** The newest first. */
  list = () => [...this.#kept];
  async close(): Promise<void> {}
}
