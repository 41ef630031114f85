import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';
import { GuardedPglite, PGLITE_OPTIONS } from '#adapters/pglite/client.ts';
import { createPgliteOrm } from '#adapters/pglite/orm.ts';
import { MIGRATIONS } from '#adapters/postgres/migrations.ts';
import { createPostgresOrm } from '#adapters/postgres/orm.ts';
import { migrate } from '#composition/migrate.ts';
import { ROWS } from '#composition/modules.ts';
import { onServer, urlOf } from './server-databases.ts';

/** Databases that are made once and copied for each test: making them takes seconds, copying a third of one. */
export type Templates = {
  /** Files of an embedded database without tables, and of one that is migrated. */
  readonly pglite: { readonly empty: string; readonly migrated: string };
  /** A migrated database on the PostgreSQL server, when there is one. */
  readonly postgres: string | undefined;
};

declare module 'vitest' {
  interface ProvidedContext {
    templates: Templates;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'thali-templates-'));
  const pglite = { empty: join(dir, 'empty.tar'), migrated: join(dir, 'migrated.tar') };
  const embedded = await PGlite.create(PGLITE_OPTIONS);
  const keep = async (file: string) => writeFile(file, new Uint8Array(await (await embedded.dumpDataDir('none')).arrayBuffer()));
  await keep(pglite.empty);
  await migrate(createPgliteOrm({ client: new GuardedPglite(embedded) }, ROWS, { count: 0 }, MIGRATIONS), { isShared: false });
  await keep(pglite.migrated);
  await embedded.close();

  let postgres: string | undefined;
  if (process.env['TEST_DATABASE_URL'] !== undefined) {
    postgres = `thali_template_${randomBytes(6).toString('hex')}`;
    await onServer(`create database ${postgres}`);
    const orm = createPostgresOrm(urlOf(postgres), ROWS, 2, { count: 0 }, MIGRATIONS);
    await migrate(orm, { isShared: true });
    await orm.close();
  }
  project.provide('templates', { pglite, postgres });
  return async () => {
    if (postgres !== undefined) await onServer(`drop database if exists ${postgres} with (force)`);
    await rm(dir, { recursive: true, force: true });
  };
}
