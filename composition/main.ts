import type { Container } from 'inversify';
import { pinoLog } from '#adapters/pino/log.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { reported } from '#adapters/shared/platform/reported-log.ts';
import { observedJob } from '#adapters/shared/telemetry/observed.ts';
import { httpApp, workerApp } from './app.ts';
import { printableConfig } from './config/print.ts';
import { BadConfig, type Config, readConfig } from './config.ts';
import { createContainer } from './container.ts';
import { type Database, openDatabase } from './database.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, seedDemo } from './demo.ts';
import type { Lifecycle } from './health.ts';
import { HttpServer } from './http-server.ts';
import { Notifications } from './modules/notifications.ts';
import { Platform } from './modules/platform.ts';
import { heartbeat, inTurn, nodeWatch } from './node.ts';
import { type Part, startInOrder } from './parts.ts';
import { openRedis, relayCommits } from './redis.ts';
import { masterSecret } from './secret.ts';
import { openSockets } from './sockets.ts';
import { errorReports, startTracing, stopTracing } from './watching.ts';

const STOP_MS = 25_000;
/** Exit codes of sysexits.h: a bad configuration, and a service that cannot be had. */
const EX_CONFIG = 78;
const EX_UNAVAILABLE = 69;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function start(config: Config): Promise<() => Promise<void>> {
  const lines = pinoLog(config.log.level, config.log.file);
  process.on('SIGHUP', () => lines.reopen());
  process.on('uncaughtExceptionMonitor', (error) => {
    lines.error('the process ends by an error that nobody caught', { error });
    lines.flush();
  });
  const reports = errorReports(config, lines);
  const log = reports ? reported(lines, reports) : lines;
  await startTracing(config);
  say('Thali is starting');
  const began = performance.now();
  const database = await openDatabase(config.database, log);
  say(`  database   ${database.name}, up to date (${Math.round(performance.now() - began)} ms)`);

  const redis = await openRedis(config, log);
  if (redis) say(`  redis      ${redis.stats.isAway ? 'does not answer; going on without it' : 'connected'}`);

  const container = createContainer({ config, secret: await masterSecret(config), log, store: database.store, redis });
  const isWeb = config.role !== 'worker';
  const hasDemo = isWeb && config.hasDemo && (await inTurn(container, 'seed-demo', () => seedDemo(container, (done) => say(`  demo       ${done}`))));

  const lifecycle: Lifecycle = { isStopping: false };
  const app = (isWeb ? httpApp : workerApp)(container, lifecycle, () => database.statements.count);
  const server = new HttpServer(app.fetch, config, container.getAll(Platform.drains, { optional: true }));
  const stop = await startInOrder([
    closing(container, database, redis, async () => {
      await stopTracing();
      await reports?.stop();
      lines.flush();
    }),
    ...(redis ? [relayCommits(redis, container)] : []),
    heartbeat(container),
    jobs(container),
    ...(config.role === 'web' ? [] : background(container, config)),
    server,
    ...(isWeb ? [socketsOn(server, container)] : []),
  ]);
  welcome(config, server.port, hasDemo);
  return async () => {
    lifecycle.isStopping = true; // Balancers are told before the first connection is refused.
    await new Promise<void>((resolve) => setTimeout(resolve, config.drainMs));
    await stop();
  };
}

/** Asks for work in the database; does it as well, unless this process is there for the requests only. */
function jobs(container: Container): Part {
  const runner = container.get(Platform.jobRunner);
  const [ids, { ended }] = [container.get(Platform.ids), container.get(Platform.jobRuns)];
  const schedules = container.getAll(Platform.jobs, { optional: true }).map((job) => observedJob(job, () => ids.next(), ended));
  const handlers = container.getAll(Platform.jobHandlers, { optional: true });
  const { role } = container.get(Platform.config);
  return { start: () => runner.start(schedules, handlers, role === 'web' ? 'sender' : 'worker'), stop: () => runner.stop() };
}

/** Sockets are let go before the server is: their clients find another node. */
function socketsOn(server: HttpServer, container: Container): Part {
  let gateway: ReturnType<typeof openSockets> | undefined;
  return {
    start: () => {
      gateway = openSockets(server.server, container);
    },
    stop: () => gateway?.close(),
  };
}

/** What goes on beside the requests. */
function background(container: Container, { mail }: Config): readonly Part[] {
  if (!mail.isSent) say('  mail       waits in the database: SMTP_URL names no mail server');
  return [
    container.get(Platform.eventLog),
    ...container.getAll(Platform.workers, { optional: true }),
    ...(mail.isSent ? [container.get(Notifications.mailer)] : []),
    nodeWatch(container),
  ];
}

/** What is open already when the first part starts, and closed after the last one stopped. */
const closing = (container: Container, database: Database, redis: RedisConnection | undefined, flush: () => Promise<void>): Part => ({
  start: () => undefined,
  async stop() {
    await redis?.close();
    await container.unbindAllAsync();
    await database.close();
    await flush();
  },
});

function welcome({ role, publicUrl, port: asked }: Config, port: number, hasDemo: boolean): void {
  const url = asked === 0 || role === 'worker' ? `http://localhost:${port}` : publicUrl;
  say(
    `\n  Thali${role === 'all' ? '' : ` (${role})`} is ready on ${url}${role === 'worker' ? '' : `\n    reference  ${url}/docs`}\n    health     ${url}/health`,
  );
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
