import { MIGRATIONS } from '#adapters/postgres/migrations.ts';
import { createPostgresOrm } from '#adapters/postgres/orm.ts';
import { readConfig } from './config.ts';
import { ROWS } from './modules.ts';

/** Prints what would bring the schema of DATABASE_URL, migrated so far, to where the rows are now: the draft of a migration to review. */
const { database } = readConfig(process.env);
if (database.kind !== 'postgres')
  throw new Error('DATABASE_URL: a migration is drafted on a PostgreSQL server, on a database that may be thrown away');
const orm = createPostgresOrm(database.url, ROWS, 2, { count: 0 }, MIGRATIONS);
await orm.migrator.up();
process.stdout.write(await orm.schema.getUpdateSchemaSQL());
await orm.close();
