import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOf } from '#adapters/postgres/sql.ts';
import { readConfig } from '#composition/config.ts';
import { createContainer } from '#composition/container.ts';
import { openDatabase } from '#composition/database.ts';
import { seedDemo } from '#composition/demo.ts';
import { Platform } from '#composition/modules/platform.ts';
import { SILENT, SQL_PROFILES } from '../../support/profiles.ts';
import { type ServerDatabase, serverDatabase } from '../../support/server-databases.ts';

const run = promisify(execFile);
type Ran = { readonly code: number; readonly stdout: string };

describe.each(SQL_PROFILES)('audit:verify on %s', (profile) => {
  let server: ServerDatabase;
  let env: Record<string, string>;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'thali-'));
    env = { DATA_DIR: dataDir, BCRYPT_COST: '4', APP_SECRET: 'a-secret-of-this-test-and-nobody-else' };
    if (profile === 'postgres') {
      server = await serverDatabase();
      env['DATABASE_URL'] = server.url;
    }
    const config = readConfig(env);
    const database = await openDatabase(config.database, SILENT);
    const container = createContainer({ config, secret: config.secret as string, log: SILENT, store: database.store });
    await seedDemo(container, () => undefined);
    const log = container.get(Platform.eventLog);
    await log.start();
    await log.settle();
    await log.stop();
    await container.unbindAllAsync();
    await database.close();
  });
  afterAll(async () => {
    await server?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const tamper = async (...statements: string[]): Promise<void> => {
    const database = await openDatabase(readConfig(env).database, SILENT);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    // Whoever owns the database can do even this; the program cannot.
    const sql = sqlOf(database.store.orm.em.fork());
    for (const statement of statements) {
      await expect(sql(statement)).rejects.toThrow('the audit trail is never changed');
      await sql('alter table audit.entries disable trigger user');
      await sql(statement);
      await sql('alter table audit.entries enable trigger user');
    }
    await database.close();
  };
  const command = (file: string): Promise<Ran> =>
    run(process.execPath, [`composition/${file}.ts`], { env: { PATH: process.env['PATH'] ?? '', ...env } }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: Ran) => ({ code, stdout }),
    );

  it('is content with what was written', async () => {
    const { code, stdout } = await command('audit-verify');
    expect([code, stdout.match(/^ok /gm)?.length]).toEqual([0, 2]);
    expect((await command('doctor')).code).toBe(0);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'another actor',
      `update audit.entries set actor = 'system:nobody' where class = 'standard' and seq = 3`,
      `update audit.entries set actor = (select actor from audit.entries where class = 'standard' and seq = 2) where class = 'standard' and seq = 3`,
      /BROKEN standard +entry 3 \(event [0-9a-f-]{36}\) is not what was written/,
    ],
    [
      'another fact',
      `update audit.entries set data = data || '{"forged": true}' where class = 'sensitive' and seq = 2`,
      `update audit.entries set data = data - 'forged' where class = 'sensitive' and seq = 2`,
      /BROKEN sensitive +entry 2 .*is not what was written/,
    ],
  ])('exits with 1 and names the first broken entry: %s', async (_what, damage, repair, words) => {
    await tamper(damage);
    const { code, stdout } = await command('audit-verify');
    expect([code, stdout]).toEqual([1, expect.stringMatching(words)]);
    expect((await command('doctor')).stdout).toMatch(/BROKEN trail-is-the-log/);
    await tamper(repair);
    expect((await command('audit-verify')).code).toBe(0);
  });

  it('exits with 1 when entries are gone, in the middle and at the end', async () => {
    await tamper(`delete from audit.entries where class = 'standard' and seq = (select max(seq) from audit.entries where class = 'standard')`);
    expect((await command('audit-verify')).stdout).toMatch(/BROKEN standard +entry \d+ is missing/);
    await tamper(`delete from audit.entries where class = 'standard' and seq = 5`);
    const { code, stdout } = await command('audit-verify');
    expect([code, stdout]).toEqual([1, expect.stringMatching(/BROKEN standard +entry 5 is missing/)]);
    const examined = (await command('doctor')).stdout;
    expect(examined).toMatch(/BROKEN chains-have-no-gaps/);
    expect(examined).toMatch(/BROKEN trail-is-whole/);
  });
});
