import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { ApiClient } from '#composition/replay/client.ts';
import { fire, type Load, type Shot } from './load.ts';

const USAGE = `npm run bench [-- orders --seconds 6 --rounds 3 --connections 1,8,32,64]

Measures placing a three-line order with stock over HTTP, on DATABASE_URL or else on PGlite in a temporary folder, beside the
hand-written limit (one handler and pg, the same rows) on the same PostgreSQL, in turns. Trust the ratios, not the absolutes.`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,8,32,64' },
    help: { type: 'boolean', default: false },
  },
});
const [PORT, LIMIT_PORT, ITEMS] = [4_610, 4_611, 60];
const url = process.env['DATABASE_URL'];
const dataDir = join(tmpdir(), `thali-bench-${process.pid}`);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Kitchen = { readonly restaurantId: string; readonly items: readonly string[]; readonly stock: readonly string[]; readonly token: string };

/** A restaurant with items that each take one thing from the shelf, and enough of everything. */
async function openKitchen(api: string): Promise<Kitchen> {
  const owner = new ApiClient(api, { identifier: 'owner@demo.test', password: DEMO_PASSWORD });
  const opened = await owner.call('POST', '/restaurants', {
    name: `Bench ${Date.now()}`,
    taxRules: [
      {
        taxClass: 'food',
        components: [
          { name: 'CGST', percent: 2.5 },
          { name: 'SGST', percent: 2.5 },
        ],
      },
    ],
  });
  const at = `/restaurants/${String(opened['id'])}`;
  const category = await owner.call('POST', `${at}/menu/categories`, { name: 'Everything' });
  const [items, stock]: [string[], string[]] = [[], []];
  for (let i = 0; i < ITEMS; i++) {
    const item = await owner.call('POST', `${at}/menu/items`, { categoryId: category['id'], name: `Dish ${i}`, price: 12_900, taxClass: 'food' });
    const ingredient = await owner.call('POST', `${at}/stock-items`, { name: `Ingredient ${i}`, unit: 'piece', lowStockThreshold: 10 });
    await owner.call('PUT', `${at}/recipes/${String(item['id'])}`, { lines: [{ stockItemId: ingredient['id'], quantity: 1 }] });
    await owner.call('POST', `${at}/stock-movements`, { kind: 'receipt', stockItemId: ingredient['id'], quantity: 900_000 });
    items.push(String(item['id']));
    stock.push(String(ingredient['id']));
  }
  const login = await fetch(`${api}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: 'customer@demo.test', password: DEMO_PASSWORD }),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  return { restaurantId: String(opened['id']), items, stock, token: accessToken };
}

let shots = 0;
const run = `${Date.now()}`;
function shot({ restaurantId, items, token }: Kitchen): Shot {
  const n = shots++;
  const lines = [0, 1, 2].map((i) => ({ itemId: items[(n * 13 + i * 17 + Math.floor(Math.random() * 5)) % items.length], quantity: 1 + (n % 2) }));
  const body = JSON.stringify({ restaurantId, diningOption: 'takeaway', payment: 'cash', lines });
  return { path: '/orders', body, headers: { authorization: `Bearer ${token}`, 'idempotency-key': `${run}-${n}` } };
}

/** CPU seconds a process has used; 0 where the system does not tell. */
function cpuOf(pid: number | string, name?: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return name === undefined || stat.includes(`(${name})`) ? (Number(fields[11]) + Number(fields[12])) / 100 : 0;
  } catch {
    return 0;
  }
}
/** What PostgreSQL has used, where it runs on this machine. */
const postgresCpu = (): number =>
  existsSync('/proc') ? readdirSync('/proc').reduce((sum, pid) => sum + (/^\d+$/.test(pid) ? cpuOf(pid, 'postgres') : 0), 0) : 0;
const statementsOf = async (api: string): Promise<number> =>
  Number(/^thali_database_statements (\d+)/m.exec(await (await fetch(`${api}/metrics`)).text())?.[1] ?? 0);

const COLUMNS = [
  'connections',
  'orders/s',
  'p50 ms',
  'p99 ms',
  'CPU ms',
  'PostgreSQL ms',
  'statements',
  'failed',
  'limit: orders/s',
  'CPU ms',
  'PostgreSQL ms',
  'ratio (range)',
];
const row = (cells: readonly string[]): void => say(cells.map((cell, i) => cell.padStart(COLUMNS[i]?.length ?? 0)).join(' | '));

type Measured = Load & { readonly cpuMs: number; readonly postgresMs: number; readonly statements: number };

async function measure(api: string, pid: number, connections: number, kitchen: Kitchen, counts: boolean): Promise<Measured> {
  const seconds = Number(values.seconds);
  const [cpu, postgres, statements] = [cpuOf(pid), postgresCpu(), counts ? await statementsOf(api) : 0];
  const load = await fire(api, connections, seconds, () => shot(kitchen));
  return {
    ...load,
    cpuMs: ((cpuOf(pid) - cpu) * 1_000) / load.done,
    postgresMs: ((postgresCpu() - postgres) * 1_000) / load.done,
    statements: counts ? ((await statementsOf(api)) - statements) / load.done : 0,
  };
}

/** Waits until what was placed has been told, mailed and written to the trail: it must not take from what is measured next. */
async function idle(pid: number): Promise<void> {
  for (let i = 0, before = cpuOf(pid); i < 120; i++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = cpuOf(pid);
    if (now - before < 0.05) return;
    before = now;
  }
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const rate = ({ done, seconds }: Load): number => done / seconds;

function startServer(): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['composition/main.ts'], {
      env: { ...process.env, PORT: String(PORT), DATA_DIR: dataDir, APP_SECRET: 'a-secret-of-the-bench-and-nothing-else', RATE_LIMIT_USER: 'off' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (text: Buffer) => /ready on/.test(text.toString()) && resolve(child));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

function startLimit(kitchen: Kitchen): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = fork('tests/bench/limit.ts', {
      env: { ...process.env, PORT: String(LIMIT_PORT), RESTAURANT: kitchen.restaurantId, STOCK: kitchen.stock.join(',') },
    });
    child.once('message', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`the limit ended with ${code}`)));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

async function bench(): Promise<void> {
  const api = `http://127.0.0.1:${PORT}`;
  const server = await startServer();
  const kitchen = await openKitchen(api);
  const limit = url === undefined ? undefined : await startLimit(kitchen);
  const limitApi = `http://127.0.0.1:${LIMIT_PORT}`;
  try {
    say(
      `Placing a three-line order with stock on ${url === undefined ? 'PGlite on disk' : 'PostgreSQL'}; ${cpus().length} processors, Node ${process.version}`,
    );
    say('Warming up');
    await fire(api, 8, 3, () => shot(kitchen));
    if (limit) await fire(limitApi, 8, 3, () => shot(kitchen));
    row(COLUMNS);
    for (const connections of values.connections.split(',').map(Number)) {
      const [ours, theirs]: [Measured[], Measured[]] = [[], []];
      for (let round = 0; round < Number(values.rounds); round++) {
        ours.push(await measure(api, server.pid as number, connections, kitchen, true));
        await idle(server.pid as number);
        if (limit) theirs.push(await measure(limitApi, limit.pid as number, connections, kitchen, false));
      }
      const ratios = theirs.map((one, i) => rate(ours[i] as Measured) / rate(one)).sort((a, b) => a - b);
      const of = (list: readonly Measured[], read: (one: Measured) => number, digits: number): string =>
        list.length === 0 ? '-' : median(list.map(read)).toFixed(digits);
      row([
        String(connections),
        of(ours, rate, 0),
        of(ours, ({ p50 }) => p50, 1),
        of(ours, ({ p99 }) => p99, 1),
        of(ours, ({ cpuMs }) => cpuMs, 2),
        of(ours, ({ postgresMs }) => postgresMs, 2),
        of(ours, ({ statements }) => statements, 1),
        String(ours.reduce((sum, { failed }) => sum + failed, 0)),
        of(theirs, rate, 0),
        of(theirs, ({ cpuMs }) => cpuMs, 2),
        of(theirs, ({ postgresMs }) => postgresMs, 2),
        limit ? `${median(ratios).toFixed(2)} (${ratios[0]?.toFixed(2)}-${ratios.at(-1)?.toFixed(2)})` : '-',
      ]);
    }
  } finally {
    if (limit) await stop(limit);
    await stop(server);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (values.help) say(USAGE);
else await bench();
