import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { pinoLog } from '#adapters/pino/log.ts';
import { httpApp } from './app.ts';
import { printableConfig } from './config/print.ts';
import { BadConfig, type Config, readConfig } from './config.ts';
import { createContainer } from './container.ts';
import { openDatabase } from './database.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, seedDemo } from './demo.ts';
import type { Lifecycle } from './health.ts';
import { Notifications } from './modules/notifications.ts';
import { Platform } from './modules/platform.ts';
import { openRedis, relayCommits } from './redis.ts';
import { masterSecret } from './secret.ts';
import { openSockets } from './sockets.ts';

const STOP_MS = 25_000;
/** Exit codes of sysexits.h: a bad configuration, and a service that cannot be had. */
const EX_CONFIG = 78;
const EX_UNAVAILABLE = 69;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function start(config: Config): Promise<() => Promise<void>> {
  const log = pinoLog(config.logLevel);
  say('Thali is starting');
  const began = performance.now();
  const database = await openDatabase(config.database, log);
  say(`  database   ${database.name}, up to date (${Math.round(performance.now() - began)} ms)`);

  const redis = await openRedis(config, log);
  if (redis) say(`  redis      ${redis.stats.isAway ? 'does not answer; going on without it' : 'connected'}`);

  const container = createContainer({ config, secret: await masterSecret(config), log, store: database.store, redis });
  const hasDemo = config.hasDemo && (await seedDemo(container, (done) => say(`  demo       ${done}`)));

  const lifecycle: Lifecycle = { isStopping: false };
  const app = httpApp(container, lifecycle, () => database.statements.count);
  const eventLog = container.get(Platform.eventLog);
  const relay = redis && relayCommits(redis, container);
  await eventLog.start();
  const workers = container.getAll(Platform.workers, { optional: true });
  for (const worker of workers) worker.start();
  await database.jobs.start(container.getAll(Platform.jobs, { optional: true }));
  const mailer = container.get(Notifications.mailer);
  if (config.mail.isSent) mailer.start();
  else say('  mail       waits in the database: SMTP_URL names no mail server');
  const server = await listen(app.fetch, config);
  const sockets = openSockets(server, container);
  welcome(config, portOf(server), hasDemo);

  return async () => {
    lifecycle.isStopping = true;
    await Promise.all([sockets.close(), closeServer(server)]);
    await mailer.stop();
    await database.jobs.stop();
    await Promise.all(workers.map((worker) => worker.stop()));
    await eventLog.stop();
    relay?.stop();
    await redis?.close();
    await container.unbindAllAsync();
    await database.close();
    log.flush();
  };
}

function listen(fetch: Parameters<typeof serve>[0]['fetch'], { port, host }: Config): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch,
        port,
        hostname: host,
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

const portOf = (server: Server): number => (server.address() as { readonly port: number }).port;

/** Lets requests under way finish, and idle connections go. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function welcome({ publicUrl, port: asked }: Config, port: number, hasDemo: boolean): void {
  const url = asked === 0 ? `http://localhost:${port}` : publicUrl;
  say(`\n  Thali is ready on ${url}\n    reference  ${url}/docs\n    health     ${url}/health`);
  if (hasDemo) {
    say(`\n  Log in with POST ${url}/auth/login, password ${DEMO_PASSWORD}:`);
    for (const { email, what } of DEMO_ACCOUNTS) say(`    ${email.padEnd(20)} ${what}`);
  }
  say('\n  Ctrl-C stops it.');
}

function explain(error: unknown): never {
  if (error instanceof BadConfig) {
    say(`Thali cannot start with this configuration:\n${error.message.replaceAll(/^/gm, '  ')}`);
    process.exit(EX_CONFIG);
  }
  const isInUse = (error as { readonly code?: string }).code === 'EADDRINUSE';
  const reason = isInUse ? 'its port is taken by another program; choose one with PORT=4011' : error instanceof Error ? error.message : String(error);
  say(`Thali cannot start: ${reason}`);
  process.exit(EX_UNAVAILABLE);
}

if (process.argv.includes('--print-config')) {
  process.stdout.write(`${printableConfig(process.env)}\n`);
  await Promise.resolve()
    .then(() => readConfig(process.env))
    .catch(explain);
  process.exit(0);
}

let stopping: Promise<void> | undefined;
const stop = await start(
  await Promise.resolve()
    .then(() => readConfig(process.env))
    .catch(explain),
).catch(explain);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(130); // Asked twice: they mean it.
    say(`\n  ${signal}: finishing what is under way`);
    setTimeout(() => process.exit(1), STOP_MS).unref();
    stopping = stop().then(
      () => {
        say('  stopped');
        process.exit(0);
      },
      (error: unknown) => explain(error),
    );
  });
}
