import { randomBytes } from 'node:crypto';
import { createPostgresOrm } from '#adapters/postgres/orm.ts';
import type { Log } from '#application/shared/ports.ts';
import { readConfig } from '#composition/config.ts';
import { type Database, openDatabase } from '#composition/database.ts';
import { NO_LIMITS } from './entrance.ts';

/** The server whose databases tests may make and drop. Without one the PostgreSQL profile is left out; CI always names one. */
export const TEST_DATABASE_URL = process.env['TEST_DATABASE_URL'];
if (process.env['CI'] !== undefined && TEST_DATABASE_URL === undefined) throw new Error('TEST_DATABASE_URL: CI must have a PostgreSQL server');

/** The server whose keys tests may write, each under a prefix of its own. Without one the Redis adapters are left out; CI always names one. */
export const TEST_REDIS_URL = process.env['TEST_REDIS_URL'];
if (process.env['CI'] !== undefined && TEST_REDIS_URL === undefined) throw new Error('TEST_REDIS_URL: CI must have a Redis server');

export type Profile = 'memory' | 'pglite' | 'postgres';
export const PROFILES: readonly Profile[] = ['memory', 'pglite', ...(TEST_DATABASE_URL === undefined ? [] : (['postgres'] as const))];
export const SQL_PROFILES = PROFILES.filter((profile) => profile !== 'memory');

export const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A database of a profile that nobody has used, and that is gone when it is closed. */
export async function freshDatabase(profile: Profile, log: Log = SILENT): Promise<Database> {
  if (profile === 'memory') return openDatabase({ kind: 'memory' }, log);
  if (profile === 'pglite') return openDatabase({ kind: 'transient' }, log);
  const url = new URL(TEST_DATABASE_URL as string);
  const name = `thali_test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  url.pathname = `/${name}`;
  const database = await openDatabase({ kind: 'postgres', url: url.href, poolMax: 16 }, log);
  return {
    ...database,
    async close() {
      await database.close();
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
}

export async function onServer(statement: string): Promise<void> {
  const orm = createPostgresOrm(TEST_DATABASE_URL as string, [], 2, { count: 0 });
  try {
    await orm.em.execute(statement);
  } finally {
    await orm.close();
  }
}

export const testConfig = readConfig({
  NODE_ENV: 'test',
  BCRYPT_COST: '4',
  DATA_DIR: '/nonexistent',
  PUBLIC_URL: 'http://thali.test',
  ...NO_LIMITS,
  FRAUD_MODE: 'shadow', // One customer of a test pays more often than any of a restaurant.
});
