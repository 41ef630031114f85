import { createTransport, type Transporter } from 'nodemailer';
import type { Delivery, MailTransport, Message } from '#application/notifications/email/ports.ts';
import { deliveryOf, isSilence, reasonOf, type SmtpError } from './refusals.ts';

export type SmtpOptions = {
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
  readonly url: string;
  readonly from: { readonly name: string; readonly address: string };
  /** Connections that are kept open. */
  readonly connections?: number;
  /** Mails a second, of this process; without it as many as the server takes. */
  readonly perSecond?: number | undefined;
  /** Whether a connection must be encrypted: then STARTTLS is demanded where TLS does not come first. */
  readonly isTlsRequired?: boolean;
  /** How long a server may think. */
  readonly patienceMs?: number;
};

const CONNECT_MS = 10_000;
const ANSWER_MS = 20_000;
const CONNECTIONS = 5;
/** A connection is renewed from time to time, as busy servers like it. */
const MAILS_PER_CONNECTION = 100;

/** Sends through a mail server, over connections that stay open. */
export class SmtpMailTransport implements MailTransport {
  readonly #transporter: Transporter;
  readonly #from: SmtpOptions['from'];
  #looking: Promise<SmtpError | undefined> | undefined;

  constructor({ url, from, connections = CONNECTIONS, perSecond, isTlsRequired = false, patienceMs }: SmtpOptions) {
    this.#from = from;
    this.#transporter = createTransport({
      url,
      pool: true,
      maxConnections: connections,
      maxMessages: MAILS_PER_CONNECTION,
      maxRequeues: 0, // Our queue decides what is tried again, and counts it.
      ...(perSecond !== undefined && { rateDelta: 1_000, rateLimit: perSecond }),
      requireTLS: isTlsRequired && !url.startsWith('smtps:'),
      connectionTimeout: patienceMs ?? CONNECT_MS,
      greetingTimeout: patienceMs ?? CONNECT_MS,
      socketTimeout: patienceMs ?? ANSWER_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.#transporter.on('error', () => undefined); // Every mail of a lost connection is told so itself.
  }

  async send({ id, to, subject, text, html, unsubscribeUrl, traceId }: Message): Promise<Delivery> {
    const messageId = `<${id}@${this.#from.address.slice(this.#from.address.lastIndexOf('@') + 1)}>`;
    // RFC 8058: mail programs show a button of their own, which asks us with one request.
    const list = { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', Precedence: 'bulk' };
    const headers = { ...(unsubscribeUrl !== undefined && list), ...(traceId !== undefined && { 'X-Trace-Id': traceId }) };
    try {
      // As an object the address is taken as it is, and never parsed for a second one.
      await this.#transporter.sendMail({ from: this.#from, to: { name: '', address: to }, subject, text, html, messageId, headers });
      return { outcome: 'sent' };
    } catch (error) {
      const failure = error as SmtpError;
      if (!isSilence(failure)) return deliveryOf(failure);
      // A connection that was lost says nothing of why. If the server is there, it was this mail's attempt.
      const away = await this.#look();
      return away
        ? { outcome: 'unreachable', reason: reasonOf(away) }
        : { outcome: 'refused', reason: reasonOf(failure), isPermanent: false, isNoMailbox: false };
    }
  }

  /** Whether the server lets us in; all who ask at once are answered together. */
  #look(): Promise<SmtpError | undefined> {
    this.#looking ??= this.#transporter
      .verify()
      .then(
        () => undefined,
        (error: SmtpError) => error,
      )
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#transporter.close();
  }
}
