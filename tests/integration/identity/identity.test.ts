import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sql } from '#adapters/postgres/sql.ts';
import { Platform } from '#composition/modules/platform.ts';
import { ANONYMOUS } from '#domain/shared/actor.ts';
import { type IdentityDatabase, type IdentityProcess, openIdentity, PASSWORD } from '../../support/identity.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';

describe.each(SQL_PROFILES)('identity on %s', (profile) => {
  let database: IdentityDatabase;
  let one: IdentityProcess;
  let sql: Sql;

  beforeAll(async () => {
    database = await openIdentity(profile);
    one = database.process();
    sql = one.container.get(Platform.sql)();
  });
  afterAll(() => database?.close());

  /** Statements of a piece of work, begin and commit included. */
  const statementsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = database.statements.count;
    await work();
    return database.statements.count - before;
  };

  it('stays within its statements', async () => {
    expect(await statementsOf(() => one.register('count@example.com'))).toBe(4); // begin, account, event, commit
    const { accessToken, refreshToken } = await one.signIn('count@example.com');
    expect(await statementsOf(() => one.signIn('count@example.com'))).toBe(17); // account; two counts of four; clear; roles; begin, account, factor, session, event, commit
    const wrong = (identifier: string) => () => one.identity.signIn({ identifier, password: `${PASSWORD}!` }, ANONYMOUS);
    // account; two counts of four; begin, event, commit: the same for who is there as for who is not.
    expect(await statementsOf(wrong('nobody@example.com'))).toBe(12);
    expect(await statementsOf(wrong('count@example.com'))).toBe(12);
    expect(await statementsOf(() => one.refresh(refreshToken))).toBe(7); // session and roles; begin, session, session, event, commit
    expect(await statementsOf(() => one.refresh(refreshToken))).toBe(5); // The same again writes nothing.
    expect(await statementsOf(() => one.refresh('rt1.forged'))).toBe(0);
    expect(await statementsOf(() => one.actorOf(accessToken))).toBe(2); // session and roles
    expect(await statementsOf(() => one.actorOf(accessToken))).toBe(0); // and then nothing for five seconds
  });

  it('keeps no secret where it could be read', async () => {
    const { accessToken, refreshToken } = await one.signIn('count@example.com');
    const rows = await sql<{ text: string }>(
      `select a::text as text from identity.accounts a union all select s::text from identity.sessions s union all select e.data::text from platform.events e`,
    );
    const everything = rows.map(({ text }) => text).join('\n');
    for (const secret of [PASSWORD, accessToken, refreshToken, refreshToken.split('.').at(-1) as string]) expect(everything).not.toContain(secret);
    const events = await sql<{ text: string }>('select e.data::text as text from platform.events e');
    const [{ password_hash, salt }] = (await sql(
      'select a.password_hash, s.salt from identity.accounts a join identity.sessions s on s.account_id = a.id order by s.id desc limit 1',
    )) as [{ password_hash: string; salt: string }];
    for (const { text } of events) {
      expect(text).not.toContain(salt);
      expect(text).not.toContain(password_hash);
    }
  });

  it('finds an address by its index', async () => {
    const plan = await one.container
      .get(Platform.postgres)
      .orm.em.fork()
      .transactional(async (em) => {
        await em.execute('set local enable_seqscan = off');
        return em.execute<{ 'QUERY PLAN': string }[]>(`explain select * from identity.accounts where email = 'count@example.com'`);
      });
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Scan using accounts_email/);
  });

  it.each([
    [`update identity.accounts set email = 'Count@example.com'`, 'accounts_email_is_normalised'],
    [`update identity.accounts set status = 'gone'`, 'accounts_status_is_known'],
    [`update identity.sessions set status = 'gone'`, 'sessions_status_is_known'],
  ])('refuses %s', async (statement, constraint) => {
    await expect(sql(statement)).rejects.toThrow(constraint);
  });
});
