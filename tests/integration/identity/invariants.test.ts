import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITY_INVARIANTS } from '#adapters/postgres/identity/invariants.ts';
import type { Sql } from '#adapters/postgres/sql.ts';
import { Platform } from '#composition/modules/platform.ts';
import { ANONYMOUS } from '#domain/shared/actor.ts';
import { type IdentityDatabase, type IdentityProcess, openIdentity, PASSWORD } from '../../support/identity.ts';
import { must } from '../../support/must.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';

describe.each(SQL_PROFILES)('the promises of accounts on %s', (profile) => {
  let database: IdentityDatabase;
  let one: IdentityProcess;
  let sql: Sql;
  let made = 0;

  beforeAll(async () => {
    database = await openIdentity(profile);
    one = database.process();
    sql = one.container.get(Platform.sql)();
  });
  afterAll(() => database?.close());

  beforeEach(async () => {
    for (const table of ['accounts', 'sessions', 'one_time_tokens', 'second_factors', 'passkeys', 'external_identities'])
      await sql(`delete from identity.${table}`);
    await sql('delete from notifications.emails');
    const email = `kept${++made}@example.com`;
    must(await one.identity.registerAccount({ email, password: PASSWORD, displayName: 'Asha Rao' }, ANONYMOUS));
    const actor = await one.actorOf((await one.signIn(email)).accessToken);
    must(await one.identity.requestReset({ identifier: email }, ANONYMOUS));
    must(await one.identity.secondFactor.begin({ password: PASSWORD }, actor));
    const gone = `gone${made}@example.com`;
    await one.register(gone);
    must(await one.identity.closeAccount({ password: PASSWORD }, await one.actorOf((await one.signIn(gone)).accessToken)));
  });

  const findings = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const { id, sql: query } of IDENTITY_INVARIANTS) {
      const culprits = await sql<{ culprit: string; detail: string }>(query);
      for (const { culprit, detail } of culprits) expect([culprit, detail]).toEqual([expect.any(String), expect.any(String)]);
      if (culprits.length > 0) found.push(id);
    }
    return found;
  };

  it('hold after a life of accounts', async () => {
    expect(await findings()).toEqual([]);
  });

  it.each([
    ['account-state-is-its-events', 'update identity.accounts set version = version + 1'],
    ['account-state-is-its-events', 'update identity.one_time_tokens set version = 7'],
    ['closed-account-has-nothing', `update identity.accounts set username = 'asha' where status = 'closed'`],
    ['closed-account-has-nothing', `update identity.accounts set email = 'asha@example.com' where status = 'closed'`],
    ['closed-account-has-nothing', `update identity.sessions set status = 'active'`],
    ['one-token-for-a-purpose', `update identity.one_time_tokens set purpose = 'verify_email'`],
    ['second-factor-guards-sessions', `update identity.second_factors set status = 'on'`],
  ])('%s is missed after %s', async (id, statement) => {
    await sql(statement);
    expect(await findings()).toEqual([id]);
  });
});
