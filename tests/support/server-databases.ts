import { randomBytes } from 'node:crypto';
import { createPostgresOrm } from '#adapters/postgres/orm.ts';

/** The server whose databases tests may make and drop. Without one the PostgreSQL profile is left out; CI always names one. */
export const TEST_DATABASE_URL = process.env['TEST_DATABASE_URL'];
if (process.env['CI'] !== undefined && TEST_DATABASE_URL === undefined) throw new Error('TEST_DATABASE_URL: CI must have a PostgreSQL server');

export async function onServer(statement: string): Promise<void> {
  const orm = createPostgresOrm(TEST_DATABASE_URL as string, [], 2, { count: 0 });
  try {
    await orm.em.execute(statement);
  } finally {
    await orm.close();
  }
}

export const urlOf = (name: string): string => Object.assign(new URL(TEST_DATABASE_URL as string), { pathname: `/${name}` }).href;

export type ServerDatabase = { readonly name: string; readonly url: string; drop(): Promise<void> };

/** A database on the server that nobody has used: empty, or a copy of another. */
export async function serverDatabase(template?: string): Promise<ServerDatabase> {
  const name = `thali_test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}${template === undefined ? '' : ` template ${template}`}`);
  return { name, url: urlOf(name), drop: () => onServer(`drop database if exists ${name} with (force)`) };
}
