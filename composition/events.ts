import { pinoLog } from '#adapters/pino/log.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import { BadConfig, readConfig } from './config.ts';
import { createContainer } from './container.ts';
import { openDatabase } from './database.ts';
import { Platform } from './modules/platform.ts';
import { masterSecret } from './secret.ts';

const USAGE = `npm run events -- lag            how far every subscription is behind the log
npm run events -- replay NAME    hands a subscription all it has had again, as a replay
npm run events -- unpark NAME    gives the parked events of a subscription another eight attempts

A running server goes on with it at once; the embedded database must be stopped first, and goes on when it starts.
`;
const COLUMNS = ['subscription', 'behind', 'seconds', 'retrying', 'parked'];

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

type Command = { readonly kind: 'lag' } | { readonly kind: 'replay' | 'unpark'; readonly name: string };

function parse([kind, name, ...more]: readonly string[]): Command | undefined {
  if (more.length > 0) return undefined;
  if (kind === 'lag') return name === undefined ? { kind } : undefined;
  return (kind === 'replay' || kind === 'unpark') && name !== undefined ? { kind, name } : undefined;
}

/** Does it, and says how the log stands then. False when there is no such subscription. */
async function perform(log: EventLog, command: Command): Promise<boolean> {
  if (command.kind !== 'lag') {
    const { kind, name } = command;
    const names = (await log.lag()).map((one) => one.name);
    if (!names.includes(name)) {
      process.stderr.write(`There is no subscription ${name}; there ${names.length === 0 ? 'is none yet' : `are ${names.join(', ')}`}\n`);
      return false;
    }
    if (kind === 'unpark') say(`${await log.unpark(name)} parked events will be tried again`);
    else if (await log.replay(name)) say(`${name} reads the log again from its beginning`);
  }
  await report(log);
  return true;
}

/** The exit code: 0 done, 1 not done, 2 not understood. */
async function operate(args: readonly string[]): Promise<number> {
  const command = parse(args);
  if (!command) {
    process.stderr.write(USAGE);
    return 2;
  }
  const config = readConfig(process.env);
  if (config.database.kind === 'memory') throw new BadConfig('DATABASE_URL: there is no log to look at in memory');
  const log = pinoLog('silent');
  const database = await openDatabase(config.database, log);
  try {
    const container = createContainer({ config, secret: await masterSecret(config), log, store: database.store });
    return (await perform(container.get(Platform.eventLog), command)) ? 0 : 1;
  } finally {
    await database.close();
  }
}

const code = await operate(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`The log could not be reached: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
process.exit(code);
