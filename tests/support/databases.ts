import { openAsBlob } from 'node:fs';
import type { MikroORM } from '@mikro-orm/postgresql';
import { inject } from 'vitest';
import { openMemoryPglite, type Pglite } from '#adapters/pglite/open.ts';
import { createPgliteOrm } from '#adapters/pglite/orm.ts';
import { createPostgresOrm, type Rows, type StatementCounter } from '#adapters/postgres/orm.ts';
import type { Profile } from './profiles.ts';
import { serverDatabase } from './server-databases.ts';

/** An embedded database without tables. */
export const emptyPglite = async (): Promise<Pglite> => openMemoryPglite(await openAsBlob(inject('templates').pglite.empty));

/** The files of an embedded database with every table. */
export const migratedPglite = async (): Promise<Blob> => openAsBlob(inject('templates').pglite.migrated);

export type OpenDatabase = { readonly orm: MikroORM | undefined; close(): Promise<void> };

/** Some tables only, in a database that nobody has used and that is gone when it is closed; in memory there are none. */
export async function openRows(profile: Profile, rows: Rows, statements: StatementCounter): Promise<OpenDatabase> {
  if (profile === 'memory') return { orm: undefined, close: async () => undefined };
  if (profile === 'pglite') {
    const pglite = await emptyPglite();
    const orm = createPgliteOrm(pglite, rows, statements);
    await orm.schema.create();
    return { orm, close: () => orm.close().then(() => pglite.close()) };
  }
  const { url, drop } = await serverDatabase();
  const orm = createPostgresOrm(url, rows, 16, statements);
  await orm.schema.create();
  return { orm, close: () => orm.close().then(drop) };
}
