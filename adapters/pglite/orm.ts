import type { QueryOptions, Results, Transaction } from '@electric-sql/pglite';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM as PgliteMikroORM } from '@mikro-orm/pglite';
import type { MikroORM, Options } from '@mikro-orm/postgresql';
import { noted, statementCall, type Took } from '../shared/telemetry/calls.ts';
import type { PgliteClient } from './client.ts';
import type { Pglite } from './open.ts';
import { AS_NODE_POSTGRES } from './parameters.ts';

type Rows = NonNullable<Options['entities']>;
type Migrations = NonNullable<NonNullable<Options['migrations']>['migrationsList']>;

/**
 * The ORM over the embedded database, of the type the PostgreSQL one has: what runs on one runs on the other. It never
 * closes the database itself. There is one connection, so a transaction that waits for a query outside it waits for ever.
 */
export const createPgliteOrm = ({ client }: Pick<Pglite, 'client'>, entities: Rows, statements: Statements, migrations: Migrations = []): MikroORM =>
  new PgliteMikroORM({
    entities,
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: 'thali_migrations', snapshot: false },
    schemaGenerator: { ignoreTriggers: true }, // Triggers are the migrations' own.
    ensureDatabase: false,
    driverOptions: { pglite: counted(client, statements) },
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined, // What matters is thrown; the rest would be lines between ours.
  }) as unknown as MikroORM;

type Queries = Pick<Transaction, 'query' | 'exec'>;
type Statements = { count: number; took?: Took };

/** The client as node-postgres behaves: parameters written the same way, several statements in one text without parameters. */
function counted(client: PgliteClient, statements: Statements) {
  const on = ({ query, exec }: Queries) => ({
    async query<T>(text: string, params?: unknown[], options?: QueryOptions): Promise<Results<T>> {
      statements.count += 1;
      const isBound = params !== undefined && params.length > 0;
      try {
        return await noted(statementCall(text, isBound, statements.took), async () =>
          isBound ? query<T>(text, params, { ...options, serializers: AS_NODE_POSTGRES }) : ((await exec(text, options)).at(-1) as Results<T>),
        );
      } catch (error) {
        throw withoutValues(error);
      }
    },
    exec,
  });
  return {
    ...on(client),
    transaction: <T>(work: (tx: ReturnType<typeof on>) => Promise<T>): Promise<T> => {
      statements.count += 2; // begin, and commit or rollback
      return client.transaction((tx) => work(on(tx)));
    },
    close: () => Promise.resolve(),
    waitReady: client.waitReady,
    get ready() {
      return client.ready;
    },
    get closed() {
      return client.closed;
    },
  };
}

/** PGlite hangs the bound values on its errors, and errors end up in logs. */
function withoutValues(error: unknown): unknown {
  if (error instanceof Error) {
    Reflect.deleteProperty(error, 'params');
    Reflect.deleteProperty(error, 'queryOptions');
  }
  return error;
}
