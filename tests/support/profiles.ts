import { inject } from 'vitest';
import type { Log } from '#application/shared/ports.ts';
import { readConfig } from '#composition/config.ts';
import { type Database, openDatabase } from '#composition/database.ts';
import { migratedPglite } from './databases.ts';
import { NO_LIMITS } from './entrance.ts';
import { serverDatabase, TEST_DATABASE_URL } from './server-databases.ts';

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
  if (profile === 'pglite') return openDatabase({ kind: 'transient', files: await migratedPglite() }, log);
  const { url, drop } = await serverDatabase(inject('templates').postgres);
  const database = await openDatabase({ kind: 'postgres', url, poolMax: 16 }, log);
  return { ...database, close: () => database.close().then(drop) };
}

export const testConfig = readConfig({
  NODE_ENV: 'test',
  BCRYPT_COST: '4',
  DATA_DIR: '/nonexistent',
  PUBLIC_URL: 'http://thali.test',
  ...NO_LIMITS,
  FRAUD_MODE: 'shadow', // One customer of a test pays more often than any of a restaurant.
});
