import type { MikroORM } from '@mikro-orm/postgresql';
import { pinoLog } from '#adapters/pino/log.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';
import { BadConfig, readConfig } from './config.ts';
import { openDatabase } from './database.ts';
import { requireCurrent } from './migrate.ts';
import { INVARIANTS } from './modules.ts';

const SHOWN = 5;
type Culprit = { readonly culprit: string; readonly detail: string };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Checks every promise the data must keep, on the configured database; true when all are kept. */
async function examine(): Promise<boolean> {
  const config = readConfig(process.env);
  const database = await openDatabase(config.database, pinoLog('silent'), requireCurrent);
  if (database.store.kind === 'memory') throw new BadConfig('DATABASE_URL: there is nothing to examine in memory');
  const { orm } = database.store;
  say(`Examining ${database.name}`);
  let broken = 0;
  try {
    for (const { id, promise, sql } of INVARIANTS) {
      const began = performance.now();
      const culprits = await culpritsOf(orm, sql);
      const ms = Math.round(performance.now() - began);
      say(`${culprits.length === 0 ? 'ok    ' : 'BROKEN'} ${id.padEnd(28)} ${promise} (${ms} ms)`);
      for (const { culprit, detail } of culprits.slice(0, SHOWN)) say(`         ${culprit}: ${detail}`);
      if (culprits.length > SHOWN) say('         and more');
      if (culprits.length > 0) broken += 1;
    }
  } finally {
    await database.close();
  }
  say(broken === 0 ? `All ${INVARIANTS.length} promises are kept` : `${broken} of ${INVARIANTS.length} promises are broken`);
  return broken === 0;
}

/** One more than is shown, and never the whole table: there may be as many culprits as rows. However long it takes, it changes nothing. */
const culpritsOf = (orm: MikroORM, sql: string): Promise<readonly Culprit[]> =>
  orm.em.fork().transactional(async (em) => {
    const ask = sqlOf(em);
    await ask('set transaction isolation level repeatable read, read only');
    await ask('set local statement_timeout = 0');
    return ask<Culprit>(`select * from (${sql}) as culprits limit ${SHOWN + 1}`);
  });

const isSound = await examine().catch((error: unknown) => {
  process.stderr.write(`The doctor could not look: ${error instanceof Error ? error.message : String(error)}\n`);
  return false;
});
process.exit(isSound ? 0 : 1);
