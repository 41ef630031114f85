import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';

/** The secret all keys are derived from: the configured one, or one that is made once and kept in the data folder. */
export async function masterSecret({ secret, dataDir, database }: Config): Promise<string> {
  if (secret !== undefined) return secret;
  if (database.kind === 'memory') return randomBytes(48).toString('base64url');
  const file = join(dataDir, 'secret');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(file, randomBytes(48).toString('base64url'), { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(file, 'utf8');
}
