import { pinoLog } from '#adapters/pino/log.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';
import type { Verification } from '#application/audit/verify-trail.ts';
import { BadConfig, readConfig } from './config.ts';
import { createContainer } from './container.ts';
import { openDatabase } from './database.ts';
import { requireCurrent } from './migrate.ts';
import { Audit } from './modules/audit.ts';
import { masterSecret } from './secret.ts';

const WHY = { altered: 'is not what was written', missing: 'is missing', too_many: 'was never written' } as const;

/** Whether the role of this process could change the trail, or turn off what refuses that. */
const MIGHT_CHANGE = `
  select current_user as role, pg_has_role(c.relowner, 'member') or has_table_privilege(c.oid, 'update, truncate, trigger') as "mightChange"
    from pg_class c where c.oid = 'audit.entries'::regclass`;

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
    if (config.database.kind === 'postgres' && database.store.kind === 'sql') {
      const [held] = await sqlOf(database.store.orm.em.fork())<{ readonly role: string; readonly mightChange: boolean }>(MIGHT_CHANGE);
      if (held) say(roleLineOf(held));
    }
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

const roleLineOf = ({ role, mightChange }: { readonly role: string; readonly mightChange: boolean }): string =>
  mightChange
    ? `note   the role ${role} could change the trail: the README says how to run as one that cannot`
    : `ok     the role ${role} cannot change what was written`;

const isSound = await verify().catch((error: unknown) => {
  process.stderr.write(`The trail could not be read: ${error instanceof Error ? error.message : String(error)}\n`);
  return false;
});
process.exit(isSound ? 0 : 1);
