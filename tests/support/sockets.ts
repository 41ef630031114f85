import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Centrifuge, type Options, type PublicationContext, type Subscription } from 'centrifuge';
import WebSocket from 'ws';
import { SOCKET_PATH } from '#adapters/websocket/gateway.ts';
import { openSockets } from '#composition/sockets.ts';
import type { Json, World } from './world.ts';

const PATIENCE_MS = 20_000;

/** Resolves once it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, what = 'what was waited for', everyMs = 5): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** A socket that shows what it gets, for what no well-behaved client does. */
export class RawSocket {
  readonly socket: WebSocket;
  readonly got: Json[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly opened: Promise<void>;
  #id = 0;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers });
    this.opened = new Promise((resolve, reject) => {
      this.socket.on('open', resolve);
      this.socket.on('error', reject);
    });
    this.opened.catch(() => undefined);
    this.socket.on('message', (data) => {
      for (const line of data.toString().split('\n')) this.got.push(JSON.parse(line));
    });
    this.closed = new Promise((resolve) => this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
  }

  async ask(command: object): Promise<Json> {
    const id = ++this.#id;
    await this.opened;
    this.socket.send(JSON.stringify({ id, ...command }));
    await until(() => this.got.some((one) => one.id === id) || this.socket.readyState !== WebSocket.OPEN, `an answer to ${JSON.stringify(command)}`);
    return this.got.find((one) => one.id === id);
  }
}

/** The sockets of a world, on a port of this machine. */
export class Sockets {
  readonly url: string;
  readonly gateway: ReturnType<typeof openSockets>;
  readonly #server: Server;
  readonly #clients: Centrifuge[] = [];
  readonly #raw: RawSocket[] = [];

  private constructor(server: Server, gateway: ReturnType<typeof openSockets>) {
    this.#server = server;
    this.gateway = gateway;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}${SOCKET_PATH}`;
  }

  static async open({ container }: Pick<World, 'container'>): Promise<Sockets> {
    const server = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Sockets(server, openSockets(server, container));
  }

  /** The client that everybody uses. */
  client(token: string, options: Partial<Options> = {}): Centrifuge {
    const client = clientOf(this.url, token, options);
    this.#clients.push(client);
    return client;
  }

  async connected(token: string, options: Partial<Options> = {}): Promise<Centrifuge> {
    const client = this.client(token, options);
    client.connect();
    await client.ready(PATIENCE_MS);
    return client;
  }

  raw(headers: Record<string, string> = {}, url = this.url): RawSocket {
    const raw = new RawSocket(url, headers);
    this.#raw.push(raw);
    return raw;
  }

  async signedIn(token: string): Promise<RawSocket> {
    const raw = this.raw();
    await raw.ask({ connect: { token } });
    return raw;
  }

  /** Lets everybody go. */
  async clear(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.disconnect();
    for (const { socket } of this.#raw.splice(0)) socket.terminate();
    await until(() => this.gateway.stats.connections === 0 && this.gateway.stats.channels === 0, 'an empty node');
  }

  async close(): Promise<void> {
    await this.clear();
    await this.gateway.close();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

export const clientOf = (url: string | readonly string[], token: string, options: Partial<Options> = {}): Centrifuge => {
  const endpoints = [url].flat().map((endpoint) => ({ transport: 'websocket' as const, endpoint }));
  return new Centrifuge(endpoints.length === 1 && endpoints[0] ? endpoints[0].endpoint : endpoints, {
    websocket: WebSocket,
    token,
    minReconnectDelay: 20,
    maxReconnectDelay: 200,
    ...options,
  });
};

/** A subscription and all it was told. */
export async function follow(client: Centrifuge, channel: string, options: object = {}): Promise<Followed> {
  const subscription = client.newSubscription(channel, options);
  const got: Json[] = [];
  const publications: PublicationContext[] = [];
  subscription.on('publication', (publication) => {
    publications.push(publication);
    got.push(publication.data);
  });
  subscription.subscribe();
  await subscription.ready(PATIENCE_MS);
  return { subscription, got, publications };
}
export type Followed = { readonly subscription: Subscription; readonly got: Json[]; readonly publications: PublicationContext[] };
