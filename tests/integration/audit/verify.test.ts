import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOf } from '#adapters/postgres/sql.ts';
import { readConfig } from '#composition/config.ts';
import { createContainer } from '#composition/container.ts';
import { openDatabase } from '#composition/database.ts';
import { DEMO_PASSWORD, seedDemo } from '#composition/demo.ts';
import { Platform } from '#composition/modules/platform.ts';
import { ApiClient } from '#composition/replay/client.ts';
import { SILENT, SQL_PROFILES } from '../../support/profiles.ts';
import { spawnServer } from '../../support/server.ts';
import { type ServerDatabase, serverDatabase } from '../../support/server-databases.ts';
import type { Json } from '../../support/world.ts';

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
    expect(stdout.includes('could change the trail')).toBe(profile === 'postgres');
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

  // The embedded database has one role.
  it.runIf(profile === 'postgres')('runs as a role that cannot change the trail, made as the README says', async () => {
    const role = `${server.name}_app`;
    const [, sql = ''] = /```sql\n(create role thali_app[\s\S]*?)```/.exec(await readFile('README.md', 'utf8')) ?? [];
    await (await spawnServer(env).ready).kill('SIGTERM');
    const owner = new Client({ connectionString: env['DATABASE_URL'] });
    await owner.connect();
    await owner.query(sql.replaceAll('thali_app', role).replace('…', 'app-of-the-tests'));
    const url = Object.assign(new URL(env['DATABASE_URL'] as string), { username: role, password: 'app-of-the-tests' }).href;
    const app = new Client({ connectionString: url });
    await app.connect();
    try {
      for (const statement of [
        `update audit.entries set actor = 'system:nobody'`,
        'truncate audit.entries',
        'delete from audit.entries',
        'alter table audit.entries disable trigger user',
        'drop trigger entries_stay on audit.entries',
        'drop table audit.entries',
        'set session_replication_role = replica',
        `create or replace function audit.refuse_change() returns trigger language plpgsql as 'begin return old; end'`,
      ])
        await expect(app.query(statement)).rejects.toThrow(/permission denied|must be owner|the audit trail is never changed/);

      const server = await spawnServer({ ...env, DATABASE_URL: url }).ready;
      const customer = new ApiClient(server.url, { identifier: 'customer@demo.test', password: DEMO_PASSWORD });
      const { data } = (await customer.call('GET', '/restaurants')) as Json;
      const menu = (await customer.call('GET', `/restaurants/${data[0].id}/menu`)) as Json;
      const item = menu.categories.flatMap((category: Json) => category.items).find((one: Json) => one.isOrderableNow && one.groupIds.length === 0);
      const body = { restaurantId: data[0].id, diningOption: 'takeaway', payment: 'cash', lines: [{ itemId: item.id, quantity: 1 }] };
      expect((await customer.once('POST', '/orders', body, { 'idempotency-key': 'as-app' })).status).toBe(201);
      expect(await server.kill('SIGTERM')).toBe(0);
      expect(server.said()).not.toMatch(/permission denied/);
      env['DATABASE_URL'] = url;
      expect((await command('audit-verify')).stdout).toMatch(new RegExp(`^ok +the role ${role} cannot change`, 'm'));
    } finally {
      await app.end();
      await owner.query(`drop owned by ${role}`);
      await owner.query(`drop role ${role}`);
      await owner.end();
    }
  });
});
