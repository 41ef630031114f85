import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Config } from './config.ts';
import type { Part } from './parts.ts';

type Fetch = Parameters<typeof serve>[0]['fetch'];

/** How long a stopping process waits for the requests under way: what they began must still be stopped in order. */
const PATIENCE_MS = 10_000;

/** Connections beside the WebSockets: more are hung up on, before they take the descriptors that the database and Redis need. */
const CONNECTIONS_MAX = 5_000;

/** How long a connection is waited for: each of them is held by whoever speaks slowly, on purpose or not. */
export type Waits = {
  /** For all headers, from the connection or from the end of what was asked before. */
  readonly headersTimeout: number;
  /** For the whole request. */
  readonly requestTimeout: number;
  /** For the next request on a connection that could be used again. */
  readonly keepAliveTimeout: number;
  /** For a sign of life while we answer: nobody reads our answer, and it stays in memory. */
  readonly idleTimeout: number;
  /** How often it is looked who is late. Node's own half a minute would be added to each of the above. */
  readonly connectionsCheckingInterval: number;
};
export const WAITS: Waits = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  idleTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
};
type Settings = Pick<Config, 'port' | 'host' | 'sockets'>;

/** Takes requests from start; when stopped it takes no more, and waits until those under way are answered. */
export class HttpServer implements Part {
  readonly #fetch: Fetch;
  readonly #config: Settings;
  readonly #drains: readonly (() => void | Promise<void>)[];
  readonly #waits: Waits;
  #server: Server | undefined;

  /** `drains` let go of the connections that do not end with an answer, once no more are taken. */
  constructor(fetch: Fetch, config: Settings, drains: readonly (() => void | Promise<void>)[] = [], waits: Waits = WAITS) {
    this.#fetch = fetch;
    this.#config = config;
    this.#drains = drains;
    this.#waits = waits;
  }

  get server(): Server {
    if (!this.#server) throw new Error('the server has not been started');
    return this.#server;
  }

  get port(): number {
    return (this.server.address() as { readonly port: number }).port;
  }

  async start(): Promise<void> {
    const { port, host: hostname, sockets } = this.#config;
    const { idleTimeout, ...waits } = this.#waits;
    this.#server = await new Promise<Server>((resolve, reject) => {
      const server = serve({ fetch: this.#fetch, port, hostname, serverOptions: { ...waits, maxHeaderSize: 16_384 } }, () => {
        server.off('error', reject);
        resolve(server);
      }) as Server;
      server.setTimeout(idleTimeout);
      server.maxConnections = sockets.max + CONNECTIONS_MAX;
      server.once('error', reject);
    });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server?.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const late = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
    await Promise.all(this.#drains.map((drain) => drain()));
    await closed;
    clearTimeout(late);
  }
}
