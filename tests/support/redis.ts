import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { SILENT, TEST_REDIS_URL } from './profiles.ts';

export type Counting = 'memory' | 'redis';
/** Whether tests may start Redis servers of their own. */
export const HAS_REDIS = TEST_REDIS_URL !== undefined;
export const COUNTING: readonly Counting[] = ['memory', ...(TEST_REDIS_URL === undefined ? [] : (['redis'] as const))];

type Fresh = { readonly url?: string; readonly prefix?: string; readonly patienceMs?: number };

/** A connection under a prefix that nobody has used; `close` deletes what it wrote. It waits long: a busy machine is no outage. */
export async function freshRedis({
  url = TEST_REDIS_URL as string,
  prefix = `thali-test-${crypto.randomUUID().slice(0, 8)}`,
  patienceMs = 10_000,
}: Fresh = {}): Promise<RedisConnection> {
  const connection = new RedisConnection({ url, prefix, patienceMs }, SILENT);
  await connection.open();
  const close = connection.close.bind(connection);
  connection.close = async () => {
    await connection
      .run(async (redis) => {
        const keys = await redis.keys(`${prefix}:*`);
        if (keys.length > 0) await redis.del(...keys);
      })
      .catch(() => undefined);
    await close();
  };
  return connection;
}

/** A Redis server of the test's own, on a free port of this machine. */
export class RedisServer {
  readonly port: number;
  readonly #options: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, options: readonly string[]) {
    this.port = port;
    this.#options = options;
  }

  /** `options` are of the command line, such as `--maxmemory`. */
  static async start(...options: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts the process, empty, and waits until it answers. */
  async up(): Promise<void> {
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#child = spawn('redis-server', [...own, ...this.#options], { stdio: 'ignore' });
    const failed = once(this.#child, 'error').then(([error]) => Promise.reject(error as Error));
    await Promise.race([failed, this.#answers()]);
  }

  /** Ends it at once, or, with SIGSTOP, leaves it there without an answer. */
  async kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const child = this.#child;
    if (!child?.pid || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(child.pid, signal);
    if (signal === 'SIGKILL') await exited;
  }

  async #answers(): Promise<void> {
    const redis = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    await redis.ping();
    redis.disconnect();
  }
}

/** An address where nobody listens. */
export const nowhere = async (): Promise<string> => `redis://127.0.0.1:${await freePort()}`;

/** Below the range that the system hands out to others meanwhile. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + Math.floor(Math.random() * 10_000); ; port++) {
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise<void>((resolve) => probe.close(() => resolve()));
    if (isFree) return port;
  }
}
