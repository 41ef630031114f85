import { PLATFORM_ROWS } from '#adapters/postgres/events/event.rows.ts';
import type { StatementCounter } from '#adapters/postgres/orm.ts';
import type { PostgresPlatform } from '#adapters/postgres/unit-of-work.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { uuidv7 } from '#adapters/system/ids.ts';
import { openRows } from '../../support/databases.ts';
import { TEST_DATABASE_URL } from '../../support/server-databases.ts';

export const ENGINES = ['pglite', ...(TEST_DATABASE_URL === undefined ? [] : (['postgres'] as const))] as const;
export type Engine = (typeof ENGINES)[number];

export type Open = { readonly platform: PostgresPlatform; readonly statements: StatementCounter; close(): Promise<void> };

/** The platform's own tables on one of the engines, in a database of their own. */
export async function openEngine(engine: Engine): Promise<Open> {
  const statements = { count: 0 };
  const { orm, close } = await openRows(engine, PLATFORM_ROWS, statements);
  return { platform: platformOn(orm as PostgresPlatform['orm']), statements, close };
}

const platformOn = (orm: PostgresPlatform['orm']): PostgresPlatform => ({
  orm,
  clock: { now: Date.now },
  ids: uuidv7(),
  committed: new CommitSignal(),
});
