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
    await em.execute(`set local lock_timeout = '120s'`);
    await em.execute(`select pg_advisory_xact_lock(${LOCK})`);
    await orm.migrator.up();
  });
}
