import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, type Options } from '@mikro-orm/postgresql';

type Rows = NonNullable<Options['entities']>;
type Migrations = NonNullable<NonNullable<Options['migrations']>['migrationsList']>;

/** Tells of every statement sent to the database: for the statement budget and the metrics. */
export type StatementCounter = { count: number };

/** What every connection of ours is told once, so that nothing waits for ever. */
const SESSION = '-c lock_timeout=4s -c statement_timeout=30s -c idle_in_transaction_session_timeout=15s -c timezone=UTC';

export const createPostgresOrm = (
  url: string,
  entities: Rows,
  poolMax: number,
  statements: StatementCounter,
  migrations: Migrations = [],
): MikroORM =>
  new MikroORM({
    clientUrl: url,
    entities,
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: 'thali_migrations', snapshot: false },
    ensureDatabase: false,
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined, // What matters is thrown; the rest would be lines between ours.
    pool: { min: 0, max: poolMax },
    driverOptions: {
      options: SESSION,
      application_name: 'thali',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      onPoolCreated: (pool: { Client: ClientClass }) => {
        pool.Client = named(pool.Client, statements);
      },
    },
  });

// biome-ignore lint/suspicious/noExplicitAny: the class of the driver's own client, whose overloads are wider than what is changed here.
type ClientClass = new (...args: any[]) => { query(...args: any[]): any };

const NAMES_MAX = 1_000;
const names = new Map<string, string>();

/** PostgreSQL plans a named statement once per connection, which nearly halves its work on short ones. */
function named(Client: ClientClass, statements: StatementCounter): ClientClass {
  return class extends Client {
    override query(query: unknown, values?: unknown, callback?: unknown) {
      statements.count += 1;
      if (typeof query !== 'string' || !Array.isArray(values) || values.length === 0) return super.query(query, values, callback);
      const name = nameOf(query);
      return name === undefined ? super.query(query, values, callback) : super.query({ name, text: query, values }, callback);
    }
  };
}

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= NAMES_MAX) return undefined; // Text that is generated without end must not fill the server.
  const name = `thali_${names.size + 1}`;
  names.set(text, name);
  return name;
}
