import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Config } from './config.ts';
import type { Part } from './parts.ts';

type Fetch = Parameters<typeof serve>[0]['fetch'];

/** How long a stopping process waits for the requests under way: what they began must still be stopped in order. */
const PATIENCE_MS = 10_000;

/** Takes requests from start; when stopped it takes no more, and waits until those under way are answered. */
export class HttpServer implements Part {
  readonly #fetch: Fetch;
  readonly #config: Pick<Config, 'port' | 'host'>;
  readonly #drains: readonly (() => void | Promise<void>)[];
  #server: Server | undefined;

  /** `drains` let go of the connections that do not end with an answer, once no more are taken. */
  constructor(fetch: Fetch, config: Pick<Config, 'port' | 'host'>, drains: readonly (() => void | Promise<void>)[] = []) {
    this.#fetch = fetch;
    this.#config = config;
    this.#drains = drains;
  }

  get server(): Server {
    if (!this.#server) throw new Error('the server has not been started');
    return this.#server;
  }

  get port(): number {
    return (this.server.address() as { readonly port: number }).port;
  }

  async start(): Promise<void> {
    const { port, host: hostname } = this.#config;
    this.#server = await new Promise<Server>((resolve, reject) => {
      const server = serve(
        {
          fetch: this.#fetch,
          port,
          hostname,
          serverOptions: { requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 5_000, maxHeaderSize: 16_384 },
        },
        () => {
          server.off('error', reject);
          resolve(server);
        },
      ) as Server;
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
