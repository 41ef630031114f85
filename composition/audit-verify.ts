import { pinoLog } from '#adapters/pino/log.ts';
import type { Verification } from '#application/audit/verify-trail.ts';
import { BadConfig, readConfig } from './config.ts';
import { createContainer } from './container.ts';
import { openDatabase } from './database.ts';
import { requireCurrent } from './migrate.ts';
import { Audit } from './modules/audit.ts';
import { masterSecret } from './secret.ts';

const WHY = { altered: 'is not what was written', missing: 'is missing', too_many: 'was never written' } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Follows every chain of the audit trail of the configured database; true when none is broken. It changes nothing. */
async function verify(): Promise<boolean> {
  const config = readConfig(process.env);
  if (config.database.kind === 'memory') throw new BadConfig('DATABASE_URL: there is no trail in memory');
  const log = pinoLog('silent');
  const database = await openDatabase(config.database, log, requireCurrent);
  const container = createContainer({ config, secret: await masterSecret(config), log, store: database.store });
  try {
    const found = await container.get(Audit.useCases).verify();
    for (const one of found) say(lineOf(one));
    return found.every(({ fault }) => fault === undefined);
  } finally {
    await container.unbindAllAsync();
    await database.close();
  }
}

function lineOf({ class: name, entries, fault }: Verification): string {
  if (!fault) return `ok     ${name.padEnd(10)} ${entries} entries follow each other`;
  const which = fault.eventId === null ? '' : ` (event ${fault.eventId})`;
  return `BROKEN ${name.padEnd(10)} entry ${fault.seq}${which} ${WHY[fault.why]}`;
}

const isSound = await verify().catch((error: unknown) => {
  process.stderr.write(`The trail could not be read: ${error instanceof Error ? error.message : String(error)}\n`);
  return false;
});
process.exit(isSound ? 0 : 1);
