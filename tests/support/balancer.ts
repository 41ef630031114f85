import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before several servers, as a balancer does: each connection goes to the first of them that takes it. */
export async function openBalancer(urls: readonly string[]): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined);
    client.on('close', () => sockets.delete(client));
    tryNext(client, [...urls]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function tryNext(client: Socket, [url, ...rest]: string[]): void {
  if (url === undefined) {
    client.destroy();
    return;
  }
  const { hostname, port } = new URL(url);
  const upstream = connect(Number(port), hostname);
  let isOpen = false;
  upstream.on('connect', () => {
    isOpen = true;
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => undefined);
  upstream.on('close', () => (isOpen ? client.destroy() : tryNext(client, rest)));
  client.on('close', () => upstream.destroy());
}
