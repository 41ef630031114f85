import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '#composition/modules/identity.ts';
import { Account } from '#domain/identity/account.ts';
import { PERMISSIONS, restaurantPermissions } from '#domain/identity/roles.ts';
import { GRACE_MS, IDLE_MS } from '#domain/identity/session.ts';
import { ANONYMOUS, may, system } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { type IdentityDatabase, type IdentityProcess, openIdentity, PASSWORD } from '../../support/identity.ts';
import { PROFILES } from '../../support/profiles.ts';

const HOUR = 3_600_000;
const INVALID = err({ code: 'identity.invalid_credentials' });

describe.each(PROFILES)('signing in and staying so on %s', (profile) => {
  let database: IdentityDatabase;
  let one: IdentityProcess;
  let two: IdentityProcess;
  let made = 0;

  beforeAll(async () => {
    database = await openIdentity(profile);
    [one, two] = [database.process(), database.process()];
  });
  afterAll(() => database?.close());

  const email = (): string => `somebody${++made}@example.com`;
  const pass = (ms: number): void => {
    database.clock.at += ms;
  };
  const got = <T>(result: Result<T, unknown>): T => {
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value;
  };
  const close = (accountId: string) =>
    one.container.get(Identity.uow).run(system('test'), async (tx) => {
      const closed = Account.close((await tx.accounts.lock(accountId)) as Account, database.clock.at);
      return closed.ok ? ok(await tx.accounts.save(closed.value)) : closed;
    });

  it('registers an account, whatever the spelling of its address, once', async () => {
    const address = email();
    const command = { email: ` ${address.toUpperCase()}`, password: PASSWORD, displayName: ' Asha Rao ' };
    expect(got(await one.identity.registerAccount(command, ANONYMOUS))).toMatchObject({
      email: address,
      displayName: 'Asha Rao',
      platformRoles: [],
      status: 'active',
    });
    expect(await one.identity.registerAccount({ ...command, email: address }, ANONYMOUS)).toEqual(err({ code: 'identity.email_taken' }));
  });

  it.each([
    [{ email: 'not an address' }, { code: 'identity.email_malformed' }],
    [{ displayName: '\n' }, { code: 'identity.display_name_malformed', limit: 80 }],
    [
      { password: 'short' },
      { code: 'identity.password_weak', rules: ['too_short', 'no_upper', 'no_digit', 'no_special', 'common'], strength: 'weak', minLength: 8 },
    ],
    [{ password: 'Asha-Rao-1984' }, { code: 'identity.password_weak', rules: ['own_words'], strength: 'weak', minLength: 8 }],
  ])('refuses to register with %j', async (wrong, error) => {
    const address = email();
    expect(await one.identity.registerAccount({ email: address, password: PASSWORD, displayName: 'Asha Rao', ...wrong }, ANONYMOUS)).toEqual(
      err(error),
    );
    expect(await one.identity.findPerson(address)).toBeUndefined();
  });

  it('lets only the system give platform roles', async () => {
    const command = { email: email(), password: PASSWORD, displayName: 'Asha Rao', platformRole: 'admin' as const };
    await expect(one.identity.registerAccount(command, ANONYMOUS)).rejects.toThrow('only the system');
    expect(got(await one.identity.registerAccount(command, system('seed'))).platformRoles).toEqual(['admin']);
  });

  it('tells one who signs in who they are', async () => {
    const address = email();
    const accountId = await one.register(address);
    const tokens = await one.signIn(address.toUpperCase());
    expect(tokens.expiresInSeconds).toBe(900);
    const actor = await one.actorOf(tokens.accessToken);
    expect(actor).toMatchObject({ kind: 'account', accountId, permissions: [], grants: [] });
    expect(got(await one.identity.me(actor))).toMatchObject({ account: { id: accountId, email: address }, grants: [] });
    expect(await one.identity.me(ANONYMOUS)).toEqual(err({ code: 'identity.account_not_found' }));
  });

  it('refuses every wrong sign-in the same way, each for one verification', async () => {
    const [known, closed] = [email(), email()];
    await one.register(known);
    await close(await one.register(closed));
    const work: string[] = [];
    const hasher = one.container.get(Identity.hasher);
    const [verify, hash, needsRehash] = [hasher.verify.bind(hasher), hasher.hash.bind(hasher), hasher.needsRehash.bind(hasher)];
    hasher.verify = (...given) => {
      work.push('verify');
      return verify(...given);
    };
    hasher.hash = (...given) => {
      work.push('hash');
      return hash(...given);
    };
    hasher.needsRehash = () => true;
    for (const [identifier, password] of [
      [known, `${PASSWORD}x`],
      [known, PASSWORD.toUpperCase()],
      ['nobody@example.com', PASSWORD],
      ['not an address', PASSWORD],
      [closed, PASSWORD],
    ] as const) {
      work.length = 0;
      expect(await one.identity.signIn({ identifier, password }, ANONYMOUS)).toEqual(INVALID);
      expect(work).toEqual(['verify']);
    }
    Object.assign(hasher, { verify, hash, needsRehash });
  });

  it('makes a better hash when someone signs in with an old one, and opens no session on a password that changed meanwhile', async () => {
    const address = email();
    const accountId = await one.register(address);
    const queries = one.container.get(Identity.queries);
    const before = await queries.account(accountId);
    const hasher = one.container.get(Identity.hasher);
    const needsRehash = hasher.needsRehash.bind(hasher);
    hasher.needsRehash = () => true;
    await one.signIn(address);
    const after = await queries.account(accountId);
    expect(after?.passwordHash).not.toBe(before?.passwordHash);
    expect(after?.version).toBe(2);

    const verify = hasher.verify.bind(hasher);
    hasher.verify = async (password, hash) => {
      const result = await verify(password, hash);
      await one.container.get(Identity.uow).run(system('test'), async (tx) => {
        const current = (await tx.accounts.lock(accountId)) as Account;
        return ok(await tx.accounts.save(Account.rehash(current, await hasher.hash('Another-Passw0rd'), database.clock.at)));
      });
      return result;
    };
    hasher.needsRehash = needsRehash;
    expect(await one.identity.signIn({ identifier: address, password: PASSWORD }, ANONYMOUS)).toEqual(INVALID);
    hasher.verify = verify;
  });

  it('notices a sign-out at once in this process, and within five seconds in another', async () => {
    const address = email();
    await one.register(address);
    const { accessToken, refreshToken } = await one.signIn(address);
    const actor = await one.actorOf(accessToken);
    await two.actorOf(accessToken);

    expect(await one.identity.signOut(actor)).toEqual(ok(undefined));
    expect(await one.identity.signOut(actor)).toEqual(ok(undefined));
    expect(await one.identity.authenticate(accessToken)).toBeUndefined();
    pass(5_000);
    expect(await two.identity.authenticate(accessToken)).toBeUndefined();
    expect(await one.refresh(refreshToken)).toEqual(err({ code: 'identity.refresh_token_invalid' }));
  });

  it('ends one session and leaves the others of the account', async () => {
    const address = email();
    await one.register(address);
    const [phone, till] = [await one.signIn(address), await one.signIn(address)];
    await one.identity.signOut(await one.actorOf(phone.accessToken));
    expect(await one.identity.authenticate(till.accessToken)).toBeDefined();
    expect((await one.refresh(till.refreshToken)).ok).toBe(true);
  });

  it('notices a new role, another role and no role, here at once and elsewhere within five seconds', async () => {
    const address = email();
    const accountId = await one.register(address);
    const { accessToken } = await one.signIn(address);
    const restaurantId = crypto.randomUUID();
    expect((await one.actorOf(accessToken)).grants).toEqual([]);
    expect((await two.actorOf(accessToken)).grants).toEqual([]);

    await one.staff(restaurantId, accountId, 'kitchen');
    expect((await one.actorOf(accessToken)).grants).toEqual([{ restaurantId, role: 'kitchen', permissions: restaurantPermissions('kitchen') }]);
    await one.staff(restaurantId, accountId, 'manager');
    expect(may(await one.actorOf(accessToken), 'menu:write', restaurantId)).toBe(true);
    pass(5_000);
    expect(may(await two.actorOf(accessToken), 'menu:write', restaurantId)).toBe(true);
    expect(may(await two.actorOf(accessToken), 'menu:write', crypto.randomUUID())).toBe(false);
    await one.staff(restaurantId, accountId, null);
    expect((await one.actorOf(accessToken)).grants).toEqual([]);
    pass(5_000);
    expect((await two.actorOf(accessToken)).grants).toEqual([]);
  });

  it('takes no access token that names another account than its session', async () => {
    const [mine, theirs] = [email(), email()];
    await one.register(mine);
    const accountId = await one.register(theirs);
    const { sessionId } = await one.actorOf((await one.signIn(mine)).accessToken);
    const mixed = await one.container.get(Identity.accessTokens).issue({ accountId, sessionId }, database.clock.at, database.clock.at + HOUR);
    expect(await one.identity.authenticate(mixed)).toBeUndefined();
  });

  it('lets an admin do everything everywhere', async () => {
    const address = email();
    await one.register(address, 'admin');
    const actor = await one.actorOf((await one.signIn(address)).accessToken);
    for (const permission of PERMISSIONS) expect(may(actor, permission, crypto.randomUUID())).toBe(true);
  });

  it('ends every session of a closed account', async () => {
    const address = email();
    const accountId = await one.register(address);
    const { accessToken, refreshToken } = await one.signIn(address);
    await one.actorOf(accessToken);
    await close(accountId);
    expect(await one.identity.authenticate(accessToken)).toBeUndefined();
    expect(await one.refresh(refreshToken)).toEqual(err({ code: 'identity.refresh_token_invalid' }));
    expect([await one.identity.findPerson(address), await one.identity.accountById(accountId)]).toEqual([undefined, undefined]);
  });

  it('tells other modules who somebody is', async () => {
    const address = email();
    const accountId = await one.register(address);
    const person = { accountId, displayName: 'Asha Rao', email: address };
    expect(await one.identity.findPerson(` ${address.toUpperCase()} `)).toEqual(person);
    expect(await one.identity.accountById(accountId)).toEqual({ ...person, isConfirmed: true });
    expect([await one.identity.findPerson('nobody@example.com'), await one.identity.findPerson('nobody')]).toEqual([undefined, undefined]);
  });

  describe('refreshing', () => {
    const signedIn = async (process = one) => {
      const address = email();
      await process.register(address);
      return process.signIn(address);
    };

    it('gives new tokens; the access token of before still holds, the refresh token no more', async () => {
      const first = await signedIn();
      pass(HOUR / 6);
      const second = got(await one.refresh(first.refreshToken));
      expect(second.refreshToken).not.toBe(first.refreshToken);
      expect((await one.actorOf(second.accessToken)).sessionId).toBe((await one.actorOf(first.accessToken)).sessionId);
      pass(HOUR / 6);
      const third = got(await one.refresh(second.refreshToken));
      expect(await one.identity.authenticate(first.accessToken)).toBeUndefined(); // Its 15 minutes are over.
      expect(await one.identity.authenticate(third.accessToken)).toBeDefined();
    });

    it('gives the same successor to twenty at once, in two processes, and again within the grace', async () => {
      const { refreshToken } = await signedIn();
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? one : two).refresh(refreshToken)));
      const successors = new Set(answers.map((answer) => got(answer).refreshToken));
      expect(successors.size).toBe(1);
      for (const answer of answers) expect(await one.identity.authenticate(got(answer).accessToken)).toBeDefined();
      pass(GRACE_MS);
      expect(got(await one.refresh(refreshToken)).refreshToken).toBe([...successors][0]);
      expect((await one.refresh([...successors][0] as string)).ok).toBe(true);
    });

    it('ends the session when a token comes back after the grace', async () => {
      const { refreshToken } = await signedIn();
      const { refreshToken: next, accessToken } = got(await one.refresh(refreshToken));
      pass(GRACE_MS + 1);
      expect(await one.refresh(refreshToken)).toEqual(err({ code: 'identity.refresh_token_reused' }));
      expect(await one.identity.authenticate(accessToken)).toBeUndefined();
      expect(await one.refresh(next)).toEqual(err({ code: 'identity.refresh_token_invalid' }));
      expect(await two.refresh(refreshToken)).toEqual(err({ code: 'identity.refresh_token_invalid' }));
    });

    it('ends it once when twenty bring the token back', async () => {
      const { refreshToken } = await signedIn();
      got(await one.refresh(refreshToken));
      pass(GRACE_MS + 1);
      const codes = (await Promise.all(Array.from({ length: 20 }, () => one.refresh(refreshToken)))).map((answer) =>
        answer.ok ? 'ok' : answer.error.code,
      );
      expect(codes.filter((code) => code === 'identity.refresh_token_reused')).toHaveLength(1);
      expect(codes.filter((code) => code === 'identity.refresh_token_invalid')).toHaveLength(19);
    });

    it('has no grace for the token before the one before', async () => {
      const { refreshToken: first } = await signedIn();
      const { refreshToken: second } = got(await one.refresh(first));
      got(await one.refresh(second));
      expect(await one.refresh(first)).toEqual(err({ code: 'identity.refresh_token_reused' }));
    });

    it('takes no token it did not give, and leaves the session alone', async () => {
      const { refreshToken } = await signedIn();
      const stranger = await signedIn();
      const [head, kid, sid, , mac] = refreshToken.split('.') as [string, string, string, string, string];
      for (const forged of [
        '',
        'x',
        `${head}.${kid}.${sid}.7.${mac}`,
        `${refreshToken.slice(0, -1)}${refreshToken.endsWith('A') ? 'Q' : 'A'}`,
        stranger.accessToken,
      ]) {
        expect(await one.refresh(forged)).toEqual(err({ code: 'identity.refresh_token_invalid' }));
      }
      expect((await one.refresh(refreshToken)).ok).toBe(true);
      expect(await one.identity.authenticate(refreshToken)).toBeUndefined();
    });

    it('ends after a week of nothing, and for staff twelve hours after the password', async () => {
      const customer = await signedIn();
      pass(IDLE_MS);
      expect(await one.refresh(customer.refreshToken)).toEqual(err({ code: 'identity.session_expired' }));
      expect(await one.refresh(customer.refreshToken)).toEqual(err({ code: 'identity.refresh_token_invalid' }));

      const address = email();
      const accountId = await one.register(address);
      const { refreshToken } = await one.signIn(address);
      await one.staff(crypto.randomUUID(), accountId, 'cashier');
      pass(11 * HOUR + 50 * 60_000);
      const late = got(await one.refresh(refreshToken));
      expect(late.expiresInSeconds).toBe(600);
      pass(600_000);
      expect(await one.identity.authenticate(late.accessToken)).toBeUndefined();
      expect(await one.refresh(late.refreshToken)).toEqual(err({ code: 'identity.session_expired' }));
    });
  });
});
