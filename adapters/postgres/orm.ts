import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { noted, statementCall, type Took } from '../shared/telemetry/calls.ts';

export type Rows = NonNullable<Options['entities']>;
type Migrations = NonNullable<NonNullable<Options['migrations']>['migrationsList']>;

/** Tells of every statement sent to the database, and of the packets they left in: for the budgets and the metrics. */
export type StatementCounter = { count: number; packets?: number; took?: Took; connections?: () => Connections };
/** The connections of the pool, and how many wait for one. */
export type Connections = { readonly used: number; readonly idle: number; readonly waiting: number; readonly max: number };

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
    schemaGenerator: { ignoreTriggers: true }, // Triggers are the migrations' own.
    ensureDatabase: false,
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined, // What matters is thrown; the rest would be lines between ours.
    pool: { min: 0, max: poolMax },
    driverOptions: {
      options: SESSION,
      application_name: 'thali',
      keepAlive: true,
      pipeline: true,
      connectionTimeoutMillis: 5_000,
      onPoolCreated: (pool: Pool) => {
        pool.Client = named(pool.Client, statements);
        statements.connections = () => {
          const { totalCount, idleCount: idle, waitingCount: waiting } = pool;
          return { used: totalCount - idle, idle, waiting, max: poolMax };
        };
      },
    },
  });

// biome-ignore lint/suspicious/noExplicitAny: the class of the driver's own client, whose overloads are wider than what is changed here.
type ClientClass = new (...args: any[]) => { query(...args: any[]): any };

type Pool = { Client: ClientClass; readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number };

const NAMES_MAX = 1_000;
const names = new Map<string, string>();

type Query = (query: unknown, values?: unknown, callback?: unknown) => unknown;
type Stream = { readonly writableCorked: number; cork(): void; uncork(): void };

/**
 * The driver's client, with two habits of ours. Statements are named by their text, so that PostgreSQL plans each once per
 * connection, which nearly halves its work on short ones. And statements that are sent in one turn of the loop leave in one
 * packet: BEGIN waits for the statement that follows it, and one that nothing follows is never sent. What each took is noted.
 */
function named(Client: ClientClass, statements: StatementCounter): ClientClass {
  return class extends Client {
    #hasToBegin = false;

    override query(query: unknown, values?: unknown, callback?: unknown) {
      const send: Query = (...args) => super.query(...args);
      if (callback !== undefined || typeof query !== 'string') return send(query, values, callback);
      if (query === 'begin') {
        this.#hasToBegin = true;
        return Promise.resolve(NOTHING);
      }
      if (this.#hasToBegin) {
        this.#hasToBegin = false;
        if (query === 'commit' || query === 'rollback') return Promise.resolve(NOTHING);
        this.#inOnePacket();
        statements.count += 1;
        // It fails only with the connection, and then so does what follows it.
        (send('begin') as Promise<unknown>).catch(() => undefined);
      }
      this.#inOnePacket();
      statements.count += 1;
      // It fails only with the connection, whose end has rolled back: but Kysely would never give that connection back to the pool.
      if (query === 'rollback') return (send(query) as Promise<unknown>).catch(() => NOTHING);
      const name = Array.isArray(values) && values.length > 0 ? nameOf(query) : undefined;
      return noted(statementCall(query, name !== undefined, statements.took), () =>
        name === undefined ? (send(query, values) as Promise<unknown>) : (send({ name, text: query, values }) as Promise<unknown>),
      );
    }

    #inOnePacket(): void {
      const { stream } = (this as unknown as { readonly connection: { readonly stream: Stream } }).connection;
      if (stream.writableCorked === 0) statements.packets = (statements.packets ?? 0) + 1;
      stream.cork();
      process.nextTick(() => stream.uncork());
    }
  };
}

const NOTHING = { command: '', rowCount: null, oid: 0, rows: [], fields: [] };

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= NAMES_MAX) return undefined; // Text that is generated without end must not fill the server.
  const name = `thali_${names.size + 1}`;
  names.set(text, name);
  return name;
}
