import { randomBytes } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/postgresql';
import { openMemoryPglite } from '#adapters/pglite/open.ts';
import { createPgliteOrm } from '#adapters/pglite/orm.ts';
import { createPostgresOrm } from '#adapters/postgres/orm.ts';
import type { Module } from '#composition/modules/module.ts';
import { type Profile, TEST_DATABASE_URL } from './profiles.ts';

export type OpenDatabase = { readonly orm: MikroORM | undefined; readonly statements: { count: number }; close(): Promise<void> };

/** The tables of some modules only, in a database that nobody has used and that is gone when it is closed. */
export async function openModules(profile: Profile, modules: readonly Module[]): Promise<OpenDatabase> {
  const statements = { count: 0 };
  const rows = modules.flatMap((module) => module.rows);
  if (profile === 'memory') return { orm: undefined, statements, close: async () => undefined };
  if (profile === 'pglite') {
    const pglite = await openMemoryPglite();
    const orm = createPgliteOrm(pglite, rows, statements);
    await orm.schema.create();
    return {
      orm,
      statements,
      async close() {
        await orm.close();
        await pglite.close();
      },
    };
  }
  const url = new URL(TEST_DATABASE_URL as string);
  const name = `thali_test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  url.pathname = `/${name}`;
  const orm = createPostgresOrm(url.href, rows, 16, statements);
  await orm.schema.create();
  return {
    orm,
    statements,
    async close() {
      await orm.close();
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
}

async function onServer(statement: string): Promise<void> {
  const orm = createPostgresOrm(TEST_DATABASE_URL as string, [], 2, { count: 0 });
  try {
    await orm.em.execute(statement);
  } finally {
    await orm.close();
  }
}
