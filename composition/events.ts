import type { Container } from 'inversify';
import { pinoLog } from '#adapters/pino/log.ts';
import type { Operations as UseCases } from '#application/platform/module.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import type { PlatformError } from '#domain/platform/errors.ts';
import { system } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { BadConfig, readConfig } from './config.ts';
import { createContainer } from './container.ts';
import { openDatabase } from './database.ts';
import { Operations } from './modules/operations.ts';
import { Platform } from './modules/platform.ts';
import { masterSecret } from './secret.ts';

const USAGE = `npm run events -- lag                          how far every subscription is behind the log
npm run events -- retries NAME                 what a subscription could not take yet, and why
npm run events -- unpark NAME [EVENT]          gives its parked events, or one, another eight attempts
npm run events -- discard NAME EVENT REASON    gives a parked event up for good
npm run events -- replay NAME                  hands it all it has had again, as a replay
npm run events -- replay NAME FROM TO          hands it what it has had between two positions again, while it goes on

A running server goes on with it at once; the embedded database must be stopped first, and goes on when it starts.
`;
const COLUMNS = ['subscription', 'behind', 'seconds', 'retrying', 'parked'];
const LISTED = 100;

const ME = system('command-line');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function report(log: EventLog): Promise<void> {
  const rows = (await log.lag()).map(({ name, behind, lagSeconds, retrying, parked }) => [
    name,
    ...[behind, Math.round(lagSeconds), retrying, parked].map(String),
  ]);
  const widths = COLUMNS.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  for (const row of [COLUMNS, ...rows]) say(line(row));
}

async function listRetries({ retries }: UseCases, name: string): Promise<void> {
  const { data, next } = await retries(name, {}, { limit: LISTED });
  for (const { eventId, type, attempts, isParked, lastError } of data)
    say(`${eventId}  ${type}  ${isParked ? 'parked' : `after ${attempts} attempts`}  ${lastError}`);
  say(next === null ? `${data.length} in all` : `the first ${data.length}`);
}

type Command = (operations: UseCases, log: EventLog) => Promise<Result<string, PlatformError>>;

/** What is asked for, of one subscription; undefined when it cannot be understood. */
function commandOf(kind: string | undefined, name: string, args: readonly string[]): Command | undefined {
  const [first, second, ...more] = args;
  const said = async <T>(done: Promise<Result<T, PlatformError>>, words: (value: T) => string): Promise<Result<string, PlatformError>> => {
    const result = await done;
    return result.ok ? ok(words(result.value)) : result;
  };
  if (kind === 'retries' && args.length === 0) return (operations) => listRetries(operations, name).then(() => ok(''));
  if (kind === 'unpark' && args.length <= 1)
    return ({ unpark }) => said(unpark(name, first, ME), (count) => `${count} parked events will be tried again`);
  if (kind === 'discard' && first !== undefined && second !== undefined)
    return ({ discard }) => said(discard(name, first, [second, ...more].join(' '), ME), () => `${name} goes on without ${first}`);
  if (kind === 'replay' && args.length === 0)
    return async (_, log) => ok((await log.replay(name)) ? `${name} reads the log again from its beginning` : '');
  if (kind === 'replay' && args.length === 2 && args.every((position) => /^\d{1,18}$/.test(position))) {
    const range = { from: { position: first as string }, to: { position: second as string } };
    return ({ replayRange }) => said(replayRange(name, range, ME), ({ id }) => `the replay ${id} will be done by a worker`);
  }
  return undefined;
}

/** Does it, and says how the log stands then. False when it could not be done. */
async function perform(container: Container, command: Command | undefined, name: string | undefined): Promise<boolean> {
  const log = container.get(Platform.eventLog);
  if (command) {
    const names = (await log.lag()).map((one) => one.name);
    if (!names.includes(name as string)) {
      process.stderr.write(`There is no subscription ${name}; there ${names.length === 0 ? 'is none yet' : `are ${names.join(', ')}`}\n`);
      return false;
    }
    const done = await command(container.get(Operations.useCases), log);
    if (!done.ok) {
      process.stderr.write(`It could not be done: ${JSON.stringify(done.error)}\n`);
      return false;
    }
    if (done.value !== '') say(done.value);
  }
  await report(log);
  return true;
}

/** The exit code: 0 done, 1 not done, 2 not understood. */
async function operate([kind, name, ...args]: readonly string[]): Promise<number> {
  const command = name === undefined ? undefined : commandOf(kind, name, args);
  if (!command && (kind !== 'lag' || name !== undefined)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const config = readConfig(process.env);
  if (config.database.kind === 'memory') throw new BadConfig('DATABASE_URL: there is no log to look at in memory');
  const log = pinoLog('silent');
  const database = await openDatabase(config.database, log);
  const container = createContainer({ config, secret: await masterSecret(config), log, store: database.store });
  const runner = container.get(Platform.jobRunner);
  try {
    await runner.start(container.getAll(Platform.jobs), container.getAll(Platform.jobHandlers), 'sender');
    return (await perform(container, command, name)) ? 0 : 1;
  } finally {
    await runner.stop();
    await database.close();
  }
}

const code = await operate(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`The log could not be reached: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
process.exit(code);
