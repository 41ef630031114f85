import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Container } from 'inversify';
import { addressReader, prefixOf } from '#adapters/http/client-address.ts';
import { Gateway } from '#adapters/websocket/gateway.ts';
import { VERSION } from './app.ts';
import { Platform } from './modules/platform.ts';
import { Realtime } from './modules/realtime.ts';

/** Answers WebSockets on a server that answers HTTP. `close` sends the clients to other nodes; call it before the server stops. */
export function openSockets(server: Server, container: Container): Gateway {
  const { corsOrigins, publicUrl, trustedProxies, sockets } = container.get(Platform.config);
  const clock = container.get(Platform.clock);
  const ids = container.get(Platform.ids);
  const addressOf = addressReader(trustedProxies);
  const welcome = new Set([...corsOrigins, new URL(publicUrl).origin]);
  const gateway = new Gateway(
    {
      broker: container.get(Realtime.broker),
      presence: container.get(Realtime.presence),
      passports: container.get(Realtime.passports),
      conversations: container.get(Realtime.conversations),
      mayFollow: container.get(Realtime.mayFollow),
      log: container.get(Platform.log),
      committed: container.get(Platform.committed),
    },
    {
      version: VERSION,
      node: randomUUID(),
      limits: { sockets: sockets.max, perUser: sockets.perUser, perNetwork: sockets.perNetwork },
      // Our own pages, at whatever address they were opened, and those that may call us.
      isWelcome: (origin, host) => welcome.has(origin) || (URL.canParse(origin) && host !== '' && new URL(origin).host === host),
      networkOf: ({ socket, headers }) => prefixOf(addressOf(socket.remoteAddress, [headers['x-forwarded-for'] ?? []].flat().join(','))),
      newId: () => ids.next(),
      now: () => clock.now(),
    },
  );
  container.get(Realtime.sockets).stats = () => gateway.stats;
  gateway.attach(server);
  return gateway;
}
