import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { MayFollow } from '#application/realtime/may-follow.ts';
import type { RealtimeDeps } from '#application/realtime/ports.ts';
import type { CommitSignal } from '../shared/committed.ts';
import { Allowance } from './allowance.ts';
import { CLOSE, type Close } from './codes.ts';
import { Connection } from './connection.ts';
import { Crowd } from './crowd.ts';
import { type Desk, leave } from './desk.ts';
import { Hub } from './hub.ts';
import { receive } from './realtime/dispatch.ts';
import { Watch } from './watch.ts';

export const SOCKET_PATH = '/connection/websocket';
const PAYLOAD_MAX = 64 * 1024;
const FRAGMENTS_MAX = 64;
const COMMANDS_AT_ONCE = 200;
const COMMANDS_PER_SECOND = 50;
const TICK_MS = 1_000;
/** How long clients have to agree that they are closed. */
const GOODBYE_MS = 1_000;

export type GatewayOptions = {
  readonly version: string;
  readonly node: string;
  readonly limits: { readonly sockets: number; readonly perUser: number; readonly perNetwork: number };
  /** Who may open a socket from a browser. Programs that are no browsers send no origin. */
  isWelcome(origin: string, host: string): boolean;
  /** The part of the internet that a request comes from, as sockets are counted by. */
  networkOf(request: IncomingMessage): string;
  newId(): string;
  now(): number;
};
type GatewayDeps = Omit<RealtimeDeps, 'orders' | 'restaurants'> & { readonly mayFollow: MayFollow; readonly committed: CommitSignal };

export type GatewayStats = {
  readonly connections: number;
  readonly channels: number;
  readonly subscriptions: number;
  readonly sent: number;
  readonly closedSlow: number;
};

/** The sockets of this node, from the handshake to the goodbye. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #deps: GatewayDeps;
  readonly #server: WebSocketServer;
  readonly #crowd = new Crowd();
  readonly #hub: Hub;
  readonly #desk: Desk;
  readonly #watch: Watch;
  readonly #leaving = new Set<Promise<void>>();
  readonly #unlisten: () => void;
  readonly #timer: NodeJS.Timeout;
  #revision = 0;
  #closedSlow = 0;
  #isClosing = false;

  constructor(deps: GatewayDeps, options: GatewayOptions) {
    const { log, committed } = deps;
    const { version, node, limits, now } = options;
    this.#options = options;
    this.#deps = deps;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: PAYLOAD_MAX,
      maxFragments: FRAGMENTS_MAX,
      perMessageDeflate: false,
      clientTracking: false,
    });
    this.#hub = new Hub(deps.broker, (error) => log.warn('what was missed could not be fetched yet', { reason: (error as Error).message }));
    const recheck = (connection: Connection): void => this.#watch.recheck(connection);
    const shared = { ...deps, hub: this.#hub, crowd: this.#crowd };
    this.#desk = { ...shared, version, node, userMax: limits.perUser, revision: () => this.#revision, recheck, now };
    this.#watch = new Watch(this.#desk, log);
    this.#unlisten = committed.listen((events) => {
      this.#revision += 1;
      this.#watch.committed(events);
    });
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
  }

  get stats(): GatewayStats {
    return { connections: this.#crowd.all.size, ...this.#hub.stats, closedSlow: this.#closedSlow };
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Tells every client to come back to another node, and waits until they have gone. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    this.#unlisten();
    const connections = [...this.#crowd.all];
    for (const connection of connections) connection.close(CLOSE.shutdown);
    await Promise.race([Promise.all(connections.map((connection) => connection.gone)), new Promise((resolve) => setTimeout(resolve, GOODBYE_MS))]);
    for (const connection of connections) connection.end();
    await Promise.all(this.#leaving);
    await this.#deps.broker.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const network = this.#options.networkOf(request);
    const refusal = this.#refusal(request, network);
    if (refusal === undefined) this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#welcome(webSocket, network));
    else socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  /** The status of a handshake that leads to no socket. */
  #refusal({ url, headers: { origin, host = '' } }: IncomingMessage, network: string): string | undefined {
    const { limits, isWelcome } = this.#options;
    if (url?.split('?')[0] !== SOCKET_PATH) return '404 Not Found';
    if (origin !== undefined && !isWelcome(origin, host)) return '403 Forbidden';
    if (this.#isClosing || this.#crowd.all.size >= limits.sockets) return '503 Service Unavailable';
    return this.#crowd.ofNetwork(network) >= limits.perNetwork ? '429 Too Many Requests' : undefined;
  }

  #welcome(socket: WebSocket, network: string): void {
    const now = this.#options.now();
    const connection: Connection = new Connection(socket, {
      id: this.#options.newId(),
      network,
      now,
      allowance: new Allowance(COMMANDS_AT_ONCE, COMMANDS_PER_SECOND, now),
      onClosed: (why) => this.#gone(connection, why),
    });
    this.#crowd.add(connection);
    socket.on('error', () => connection.end()); // A frame too long or badly made: ws has said so to the client already.
    socket.on('message', (data: RawData, isBinary) => {
      if (connection.isClosed) return;
      if (isBinary) connection.close(CLOSE.badRequest);
      else receive(this.#desk, this.#deps.log, connection, data.toString());
    });
  }

  #gone(connection: Connection, why: Close | undefined): void {
    if (why === CLOSE.slow) this.#closedSlow += 1;
    this.#crowd.remove(connection);
    const leaving = this.#leaveAll(connection).finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  async #leaveAll(connection: Connection): Promise<void> {
    for (const channel of [...connection.subscriptions.keys()]) {
      await leave(this.#desk, connection, channel).catch((error: unknown) => this.#deps.log.error('a connection could not be seen off', { error }));
    }
  }

  async #tick(): Promise<void> {
    await this.#watch.tick().catch((error: unknown) => this.#deps.log.error('connections could not be looked after', { error }));
  }
}
