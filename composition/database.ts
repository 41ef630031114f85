import type { MikroORM } from '@mikro-orm/postgresql';
import { PgliteMaintenance } from '#adapters/pglite/maintenance.ts';
import { openMemoryPglite, openPglite } from '#adapters/pglite/open.ts';
import { createPgliteOrm } from '#adapters/pglite/orm.ts';
import { MIGRATIONS } from '#adapters/postgres/migrations.ts';
import { createPostgresOrm, type StatementCounter } from '#adapters/postgres/orm.ts';
import type { Log } from '#application/shared/ports.ts';
import type { DatabaseConfig } from './config.ts';
import type { Store } from './container.ts';
import { migrate } from './migrate.ts';
import { ROWS } from './modules.ts';

/** What a process keeps its data in: opened, migrated, and closed in the right order. */
export type Database = {
  /** For people: what it runs on, and where. */
  readonly name: string;
  readonly store: Store;
  readonly statements: StatementCounter;
  close(): Promise<void>;
};

/** An embedded database that only this process has ever seen, for tests; it may begin with the files of another. */
export type TransientConfig = { readonly kind: 'transient'; readonly files?: Blob };

/** `prepare` brings the schema up to date, or refuses what is not. */
export async function openDatabase(config: DatabaseConfig | TransientConfig, log: Log, prepare: typeof migrate = migrate): Promise<Database> {
  const statements: StatementCounter = { count: 0 };
  switch (config.kind) {
    case 'memory':
      return { name: 'memory (nothing is kept)', store: { kind: 'memory' }, statements, close: async () => undefined };
    case 'postgres': {
      const orm = createPostgresOrm(config.url, ROWS, config.poolMax, statements, MIGRATIONS);
      await prepared(orm, prepare, { isShared: true });
      return {
        name: `PostgreSQL ${new URL(config.url).host}`,
        store: { kind: 'sql', orm, statements, jobs: { url: config.url } },
        statements,
        close: () => orm.close(),
      };
    }
    case 'pglite':
    case 'transient': {
      const pglite = config.kind === 'transient' ? await openMemoryPglite(config.files) : await openPglite(config.dataDir, log);
      const orm = createPgliteOrm(pglite, ROWS, statements, MIGRATIONS);
      await prepared(orm, prepare, { isShared: false }).catch(async (error: unknown) => {
        await pglite.close();
        throw error;
      });
      const maintenance = new PgliteMaintenance(pglite, log);
      maintenance.start();
      return {
        name: config.kind === 'transient' ? 'PGlite in memory' : `PGlite in ${config.dataDir}`,
        store: { kind: 'sql', orm, statements, jobs: { pglite: pglite.client } },
        statements,
        async close() {
          await maintenance.stop();
          await orm.close();
          await pglite.close();
        },
      };
    }
  }
}

async function prepared(orm: MikroORM, prepare: typeof migrate, options: { readonly isShared: boolean }): Promise<void> {
  try {
    await prepare(orm, options);
  } catch (error) {
    await orm.close();
    throw error;
  }
}
