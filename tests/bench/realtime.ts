import { once } from 'node:events';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { SOCKET_PATH } from '#adapters/websocket/gateway.ts';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { ApiClient } from '#composition/replay/client.ts';
import { type Server, spawnServer } from '../support/server.ts';
import type { Json } from '../support/world.ts';
import { fire } from './load.ts';

const USAGE = `npm run bench -- realtime [-- --sockets 5000 --messages 40 --seconds 10]

Opens sockets on one node, has each message of a channel passed on to all of them, and then follows orders while they are placed
as fast as they can be. On DATABASE_URL and REDIS_URL, or else on the memory profile. Server and clients share this machine.`;
const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '5000' },
    messages: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
if (values.help) {
  say(USAGE);
  process.exit(0);
}
const [SOCKETS, MESSAGES, SECONDS] = [Number(values.sockets), Number(values.messages), Number(values.seconds)];
const OPENING = 100;

const MANY = String(SOCKETS + 10);
const { DATABASE_URL = 'memory:', REDIS_URL = '' } = process.env;
const server = await spawnServer({ DATABASE_URL, REDIS_URL, SOCKETS_MAX: MANY, SOCKETS_PER_USER: MANY, SOCKETS_PER_NETWORK: MANY, FRAUD_MODE: 'off' })
  .ready;
say(`one node on ${DATABASE_URL === 'memory:' ? 'memory' : 'PostgreSQL'}${REDIS_URL === '' ? '' : ' and Redis'}`);
try {
  await measure(server);
} finally {
  await server.kill('SIGTERM');
}

async function measure({ url }: Server): Promise<void> {
  const owner = new ApiClient(url, { identifier: 'owner@demo.test', password: DEMO_PASSWORD });
  const { data } = (await owner.call('GET', '/restaurants')) as Json;
  const restaurantId: string = data[0].id;
  const menu = (await owner.call('GET', `/restaurants/${restaurantId}/menu`)) as Json;
  const items = menu.categories.filter(({ hours }: Json) => hours === null).flatMap((category: Json) => category.items);
  const item = items.find(({ groupIds, hours }: Json) => groupIds.length === 0 && hours === null);
  const token = await tokenOf(url, 'customer');

  const idle = await residentBytes(url);
  let got = 0;
  const delays: number[] = [];
  const began = performance.now();
  for (let opened = 0; opened < SOCKETS; opened += OPENING) {
    await Promise.all(
      Array.from({ length: Math.min(OPENING, SOCKETS - opened) }, () =>
        follow(url, token, `restaurant:${restaurantId}:menu`, (at) => {
          got += 1;
          delays.push(Date.now() - at);
        }),
      ),
    );
  }
  const perSocket = ((await residentBytes(url)) - idle) / SOCKETS / 1024;
  say(`${SOCKETS} sockets opened and subscribed in ${seconds(performance.now() - began)}; ${perSocket.toFixed(1)} KB of the server's memory each`);

  const sentAt = performance.now();
  const path = `/restaurants/${restaurantId}/menu/items/${item.id}/availability`;
  for (let n = 1; n <= MESSAGES; n++) {
    await owner.call('PUT', path, { state: n % 2 === 1 ? 'out_of_stock' : 'in_stock' });
    while (got < SOCKETS * n) await new Promise((resolve) => setTimeout(resolve, 1)); // The next one when everybody has this one.
  }
  const took = performance.now() - sentAt;
  say(
    `fan-out: ${got} messages in ${seconds(took)}, ${Math.round(got / (took / 1_000))} a second; from the commit to the last client ${percentiles(delays)}`,
  );

  const orders: number[] = [];
  await follow(url, await tokenOf(url, 'owner'), `restaurant:${restaurantId}:orders`, (at) => orders.push(Date.now() - at));
  let keys = 0;
  const others = items.filter(({ groupIds, hours, isOrderableNow }: Json) => groupIds.length === 0 && hours === null && isOrderableNow);
  const load = await fire(url, 16, SECONDS, () => {
    const lines = [{ itemId: others[keys % others.length].id, quantity: 1 }];
    const body = JSON.stringify({ restaurantId, diningOption: 'takeaway', payment: 'cash', lines });
    return { path: '/orders', body, headers: { authorization: `Bearer ${token}`, 'idempotency-key': `bench-${Date.now()}-${++keys}` } };
  });
  const endedAt = performance.now();
  while (orders.length < load.done && performance.now() - endedAt < 30_000) await new Promise((resolve) => setTimeout(resolve, 5));
  const lag = seconds(performance.now() - endedAt);
  say(
    `under load: ${Math.round(load.done / load.seconds)} orders a second (${load.failed} refused), ${orders.length} of ${load.done} told, the last ${lag} after the load; ${percentiles(orders)}`,
  );
}

async function follow(url: string, token: string, channel: string, told: (at: number) => void): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${SOCKET_PATH}`, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send(`${JSON.stringify({ id: 1, connect: { token } })}\n${JSON.stringify({ id: 2, subscribe: { channel } })}`);
  await new Promise<void>((resolve, reject) => {
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('message', (text) => {
      const message = JSON.parse(String(text)) as Json;
      if (message.push) told(Date.parse(message.push.pub.data.at));
      else if (message.subscribe) resolve();
      else if (message.error) reject(new Error(JSON.stringify(message)));
      else if (message.id === undefined) socket.send('{}');
    });
  });
}

async function tokenOf(url: string, who: string): Promise<string> {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: `${who}@demo.test`, password: DEMO_PASSWORD }),
  });
  return ((await response.json()) as Json).accessToken;
}

async function residentBytes(url: string): Promise<number> {
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1] ?? 0);
}
function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
function percentiles(delays: number[]): string {
  delays.sort((a, b) => a - b);
  const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0;
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
process.exit(0);
