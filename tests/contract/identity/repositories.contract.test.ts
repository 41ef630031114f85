import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdentityTx } from '#application/identity/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Identity } from '#composition/modules/identity.ts';
import { Account } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import { Session } from '#domain/identity/session.ts';
import { ANONYMOUS } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { type IdentityDatabase, type IdentityProcess, openIdentity } from '../../support/identity.ts';
import { PROFILES } from '../../support/profiles.ts';
import { SIGNED_IN } from '../../support/sessions.ts';

const AT = 1_764_000_000_123;

describe.each(PROFILES)('accounts and sessions on %s', (profile) => {
  let database: IdentityDatabase;
  let one: IdentityProcess;
  let made = 0;

  beforeAll(async () => {
    database = await openIdentity(profile);
    one = database.process();
  });
  afterAll(() => database?.close());

  const id = (): string => crypto.randomUUID();
  const draft = (email = `person${++made}@example.com`) =>
    Account.register({ id: id(), email: email as EmailAddress, displayName: 'Asha Rao', passwordHash: 'v1$hash', platformRoles: ['support'] }, AT);
  const started = (account: Account) => {
    const change = Session.start({ id: id(), account, salt: 'c2FsdA', holdsRoles: false, ...SIGNED_IN }, AT);
    if (!change.ok) throw new Error('an active account starts sessions');
    return change.value;
  };
  const run = <R extends Result<unknown, unknown>>(work: (tx: IdentityTx) => Promise<R>): Promise<R> =>
    one.container.get(Identity.uow).run(ANONYMOUS, work);
  const stored = async (change = draft()): Promise<Account> => {
    await run(async (tx) => ok(await tx.accounts.save(change)));
    return { ...change.state, version: 1 };
  };
  const queries = () => one.container.get(Identity.queries);

  it('keep an account as it was given, and find it by id and address', async () => {
    const account = await stored();
    expect(await run(async (tx) => ok(await tx.accounts.lock(account.id)))).toEqual(ok(account));
    expect(await queries().account(account.id)).toEqual(account);
    expect(await queries().accountByEmail(account.email)).toEqual(account);
  });

  it('know nobody who is not there', async () => {
    expect(await run(async (tx) => ok([await tx.accounts.lock(id()), await tx.sessions.find(id())]))).toEqual(ok([undefined, undefined]));
    expect([
      await queries().account(id()),
      await queries().session(id()),
      await queries().accountByEmail('nobody@example.com' as EmailAddress),
    ]).toEqual([undefined, undefined, undefined]);
  });

  it('take an address once', async () => {
    const account = await stored();
    const again = await run(async (tx) => ((await tx.accounts.save(draft(account.email))) === 'email_taken' ? err('taken') : ok('saved')));
    expect(again).toEqual(err('taken'));
    expect(await queries().accountByEmail(account.email)).toEqual(account);
  });

  it('give an address that twenty want at once to one of them', async () => {
    const email = 'wanted@example.com';
    const results = await Promise.all(
      Array.from({ length: 20 }, () => run(async (tx) => ((await tx.accounts.save(draft(email))) === 'email_taken' ? err('taken') : ok('saved')))),
    );
    expect(results.filter(({ ok: isOk }) => isOk)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.error === 'taken')).toHaveLength(19);
  });

  it('give an address free when its transaction is refused', async () => {
    const change = draft();
    expect(await run(async (tx) => err(await tx.accounts.save(change)))).toEqual(err('saved'));
    expect(await queries().account(change.state.id)).toBeUndefined();
    expect(await stored({ ...change, state: { ...change.state, id: id() } })).toMatchObject({ email: change.state.email });
  });

  it('write over an account at the version that was read, and at no other', async () => {
    const account = await stored();
    const changed = { ...Account.rehash(account, 'v1$better', AT + 1) };
    expect(await run(async (tx) => ok(await tx.accounts.save(changed)))).toEqual(ok('saved'));
    expect(await queries().account(account.id)).toEqual({ ...account, passwordHash: 'v1$better', version: 2 });
    await expect(run(async (tx) => ok(await tx.accounts.save(changed)))).rejects.toThrow(WriteConflict);

    const closed = Account.close({ ...account, version: 2 }, AT + 2);
    if (!closed.ok) throw new Error('an active account closes');
    await run(async (tx) => ok(await tx.accounts.save(closed.value)));
    expect(await queries().account(account.id)).toMatchObject({ status: 'closed', version: 3 });
  });

  it('let one after the other at a locked account', async () => {
    const account = await stored();
    const hashes = Array.from({ length: 8 }, (_, i) => `v1$${i}`);
    let inside = 0;
    await Promise.all(
      hashes.map((hash) =>
        run(async (tx) => {
          const current = (await tx.accounts.lock(account.id)) as Account;
          inside += 1;
          expect(inside).toBe(1);
          await tx.accounts.save(Account.rehash(current, hash, AT));
          inside -= 1;
          return ok(undefined);
        }),
      ),
    );
    expect(await queries().account(account.id)).toMatchObject({ version: 9 });
  });

  it('keep a session as it was given, with whose it is', async () => {
    const account = await stored();
    const change = started(account);
    await run(async (tx) => ok(await tx.sessions.save(change)));
    const session = { ...change.state, version: 1 };
    expect(await run(async (tx) => ok(await tx.sessions.find(session.id)))).toEqual(ok(session));
    expect(await queries().session(session.id)).toEqual({ session, account });

    const rotated = Session.rotate(session, 0, { holdsRoles: true }, AT + 5_000);
    if (rotated.outcome !== 'rotated') throw new Error('a fresh token rotates');
    await run(async (tx) => ok(await tx.sessions.save(rotated.change)));
    expect((await queries().session(session.id))?.session).toEqual({ ...rotated.change.state, version: 2 });
    await expect(run(async (tx) => ok(await tx.sessions.save(rotated.change)))).rejects.toThrow(WriteConflict);
  });

  it('write the events beside the state, in the streams others listen to', async () => {
    const heard: unknown[] = [];
    const stop = one.container.get((await import('#composition/modules/platform.ts')).Platform.committed).listen((events) => heard.push(...events));
    const account = await stored();
    const change = started(account);
    await run(async (tx) => ok(await tx.sessions.save(change)));
    await run(async (tx) => err(await tx.sessions.save(started(account))));
    stop();
    expect(heard).toEqual([
      { type: 'identity.account_registered', stream: `account:${account.id}`, restaurantId: null },
      { type: 'identity.session_started', stream: `session:${change.state.id}`, restaurantId: null },
    ]);
  });
});
