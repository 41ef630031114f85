import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Refusal = { readonly responseCode: number; readonly message: string };
export type Received = { readonly from: string; readonly to: readonly string[]; readonly raw: string };

/** A mail server on this machine that takes what it is not told to refuse. */
export class TestSmtpServer {
  readonly received: Received[] = [];
  /** Asked of each recipient, and of each text. */
  refuse: (address: string) => Refusal | undefined = () => undefined;
  refuseText: () => Refusal | undefined = () => undefined;
  readonly #server: SMTPServer;

  constructor() {
    const refusal = ({ responseCode, message }: Refusal): Error => Object.assign(new Error(message), { responseCode });
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      onAuth: ({ username, password }, _session, done) =>
        done(username === 'thali' && password === 'right' ? null : refusal({ responseCode: 535, message: 'no' }), { user: username }),
      onRcptTo: ({ address }, _session, done) => {
        const refused = this.refuse(address);
        done(refused && refusal(refused));
      },
      onData: (stream, session, done) => {
        let raw = '';
        stream.on('data', (chunk: Buffer) => (raw += chunk.toString()));
        stream.on('end', () => {
          const refused = this.refuseText();
          if (refused) return done(refusal(refused));
          const { mailFrom, rcptTo } = session.envelope;
          this.received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw });
          done();
        });
      },
    });
    this.#server.on('error', () => undefined); // A client that hangs up is part of the tests.
  }

  /** Where it listens, once it does. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      const { server } = this.#server;
      this.#server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
