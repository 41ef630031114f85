import { createTransport, type Transporter } from 'nodemailer';
import type { Delivery, MailTransport, Message } from '#application/notifications/ports.ts';

export type SmtpOptions = {
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
  readonly url: string;
  readonly from: { readonly name: string; readonly address: string };
};

const CONNECT_MS = 10_000;
const ANSWER_MS = 20_000;

/** Sends through a mail server. A 5yz answer to a recipient or a text is for good; everything else may pass. */
export class SmtpMailTransport implements MailTransport {
  readonly #transporter: Transporter;
  readonly #from: SmtpOptions['from'];

  constructor({ url, from }: SmtpOptions) {
    this.#from = from;
    this.#transporter = createTransport({
      url,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: ANSWER_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ id, to, subject, text, html }: Message): Promise<Delivery> {
    try {
      const messageId = `<${id}@${this.#from.address.slice(this.#from.address.lastIndexOf('@') + 1)}>`;
      // As an object the address is taken as it is, and never parsed for a second one.
      await this.#transporter.sendMail({ from: this.#from, to: { name: '', address: to }, subject, text, html, messageId });
      return { outcome: 'sent' };
    } catch (error) {
      const { code = 'unknown', responseCode } = error as { readonly code?: string; readonly responseCode?: number };
      // The server's own words are left out: they quote the address.
      const reason = responseCode === undefined ? `no answer (${code})` : `answered ${responseCode} (${code})`;
      const isPermanent = responseCode !== undefined && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
      return { outcome: 'refused', reason, isPermanent };
    }
  }

  async close(): Promise<void> {
    this.#transporter.close();
  }
}
