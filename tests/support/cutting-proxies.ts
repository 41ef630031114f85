import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How often a reply is lost, from 0 to 1, and how often it was so far. */
export type Cut = { share: number; times: number };

const COMMIT = Buffer.from('commit\0');

/** Stands before PostgreSQL. Now and then a COMMIT arrives there, is done, and its reply is lost with the connection. */
export async function commitCuttingProxy(target: URL, cut: Cut): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(target.port || 5432), target.hostname);
    let isCut = false;
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.on('data', (data: Buffer) => {
      if (data.includes(COMMIT) && Math.random() < cut.share) isCut = true;
      database.write(data);
    });
    database.on('data', (data) => {
      if (!isCut) {
        client.write(data);
        return;
      }
      cut.times += 1;
      client.destroy();
    });
  });
  return listening(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** Stands before a provider. Now and then a request is lost on its way, or was answered and the answer is lost. */
export async function replyCuttingProxy(
  answer: (request: Request) => Promise<Response>,
  cut: Cut,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createHttpServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const isLostBefore = Math.random() < cut.share / 2;
    if (isLostBefore) {
      cut.times += 1;
      return void incoming.socket.destroy();
    }
    const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
    const request = new Request(`http://127.0.0.1${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers,
      ...(hasBody && { body: Buffer.concat(chunks) }),
    });
    const response = await answer(request);
    const body = Buffer.from(await response.arrayBuffer());
    if (Math.random() < cut.share) {
      cut.times += 1;
      return void incoming.socket.destroy();
    }
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(body);
  });
  return listening(server, () => server.closeAllConnections());
}

async function listening(server: Server | HttpServer, hangUp: () => void): Promise<{ readonly port: number; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      }),
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Stands before PostgreSQL like a cable: while it is pulled, every connection breaks and no new one comes about. */
export async function cable(target: URL): Promise<{ readonly port: number; pull(): void; plugIn(): void; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let isPulled = false;
  const pull = (): void => {
    isPulled = true;
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    if (isPulled) return void client.destroy();
    const database = connect(Number(target.port || 5432), target.hostname);
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const { port, close } = await listening(server, pull);
  return {
    port,
    pull,
    plugIn: () => {
      isPulled = false;
    },
    close,
  };
}
