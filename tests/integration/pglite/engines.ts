import { openMemoryPglite } from '#adapters/pglite/open.ts';
import { createPgliteOrm } from '#adapters/pglite/orm.ts';
import { PLATFORM_ROWS } from '#adapters/postgres/events/event.rows.ts';
import { createPostgresOrm, type StatementCounter } from '#adapters/postgres/orm.ts';
import type { PostgresPlatform } from '#adapters/postgres/unit-of-work.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { uuidv7 } from '#adapters/system/ids.ts';

/** The server whose databases tests may make and drop. Without one only the embedded engine is tested; CI always names one. */
const SERVER = process.env['TEST_DATABASE_URL'];
if (process.env['CI'] !== undefined && SERVER === undefined) throw new Error('TEST_DATABASE_URL: CI must have a PostgreSQL server');

export const ENGINES = ['pglite', ...(SERVER === undefined ? [] : (['postgres'] as const))] as const;
export type Engine = (typeof ENGINES)[number];

export type Open = { readonly platform: PostgresPlatform; readonly statements: StatementCounter; close(): Promise<void> };

/** The platform's own tables on one of the engines, in a database of their own. */
export async function openEngine(engine: Engine): Promise<Open> {
  const statements = { count: 0 };
  if (engine === 'pglite') {
    const pglite = await openMemoryPglite();
    const orm = createPgliteOrm(pglite, PLATFORM_ROWS, statements);
    await orm.schema.create();
    return {
      platform: platformOn(orm),
      statements,
      async close() {
        await orm.close();
        await pglite.close();
      },
    };
  }
  const { url, drop } = await scratchDatabase();
  const orm = createPostgresOrm(url, PLATFORM_ROWS, 8, statements);
  await orm.schema.create();
  return {
    platform: platformOn(orm),
    statements,
    async close() {
      await orm.close();
      await drop();
    },
  };
}

export async function scratchDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `thali_${process.pid}_${Date.now().toString(36)}`;
  const run = async (statement: string): Promise<void> => {
    const admin = createPostgresOrm(SERVER as string, [], 1, { count: 0 });
    await admin.em.getConnection().execute(statement);
    await admin.close();
  };
  await run(`create database ${name}`);
  const url = new URL(SERVER as string);
  url.pathname = name;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}

const platformOn = (orm: PostgresPlatform['orm']): PostgresPlatform => ({
  orm,
  clock: { now: Date.now },
  ids: uuidv7(),
  committed: new CommitSignal(),
});
