import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Refusal = { readonly responseCode: number; readonly message: string };
export type Received = { readonly from: string; readonly to: readonly string[]; readonly raw: string };

/** A mail server on this machine that takes what it is not told to refuse. */
export class TestSmtpServer {
  readonly received: Received[] = [];
  /** Asked of each sender, each recipient and each text. */
  refuseSender: () => Refusal | undefined = () => undefined;
  refuse: (address: string) => Refusal | undefined = () => undefined;
  refuseText: () => Refusal | undefined = () => undefined;
  /** Whether it hangs up in the middle of a text. */
  hangsUp: () => boolean = () => false;
  /** Awaited before a text is answered. */
  ponder: () => Promise<void> = async () => undefined;
  /** How many connections it was asked for. */
  connections = 0;
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();

  constructor({ hasTls = false }: { readonly hasTls?: boolean } = {}) {
    const refusal = ({ responseCode, message }: Refusal): Error => Object.assign(new Error(message), { responseCode });
    this.#server = new SMTPServer({
      ...(!hasTls && { disabledCommands: ['STARTTLS'] }),
      authOptional: true,
      onConnect: (_session, done) => {
        this.connections += 1;
        done();
      },
      onAuth: ({ username, password }, _session, done) =>
        done(username === 'thali' && password === 'right' ? null : refusal({ responseCode: 535, message: 'no' }), { user: username }),
      onMailFrom: (_address, _session, done) => {
        const refused = this.refuseSender();
        done(refused && refusal(refused));
      },
      onRcptTo: ({ address }, _session, done) => {
        const refused = this.refuse(address);
        done(refused && refusal(refused));
      },
      onData: (stream, session, done) => {
        if (this.hangsUp()) for (const socket of this.#sockets) socket.destroy();
        let raw = '';
        stream.on('data', (chunk: Buffer) => (raw += chunk.toString()));
        stream.on('end', async () => {
          const refused = this.refuseText();
          if (refused) return done(refusal(refused));
          const { mailFrom, rcptTo } = session.envelope;
          await this.ponder();
          this.received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw });
          done();
        });
      },
    });
    this.#server.on('error', () => undefined); // A client that hangs up is part of the tests.
    this.#server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Where it listens, once it does; on a port it had before, when it comes back. */
  listen(port = 0): Promise<string> {
    return new Promise((resolve) => {
      const { server } = this.#server;
      this.#server.listen(port, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
