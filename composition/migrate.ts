import type { MikroORM } from '@mikro-orm/postgresql';

/** Any number that no other program on the server uses. */
const LOCK = 7_264_112_001;

/** Brings the schema up to date. On a shared server one process migrates while the others wait for it. */
export async function migrate(orm: MikroORM, { isShared }: { readonly isShared: boolean }): Promise<void> {
  if (!isShared) {
    await orm.migrator.up();
    return;
  }
  await orm.em.fork().transactional(async (em) => {
    // Whoever waits here waits for a migration, which may take long, and holds the lock idle while it runs beside it.
    for (const limit of ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout']) await em.execute(`set local ${limit} = 0`);
    await em.execute(`select pg_advisory_xact_lock(${LOCK})`);
    await orm.migrator.up();
  });
}

/** Refuses a schema of another version, and changes nothing. */
export async function requireCurrent(orm: MikroORM): Promise<void> {
  const pending = await orm.migrator.getPending();
  if (pending.length > 0)
    throw new Error(`the database is not of this version (${pending.map(({ name }) => name).join(', ')} to come): start the server once`);
}
