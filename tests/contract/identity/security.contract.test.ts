import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdentityTx } from '#application/identity/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Identity } from '#composition/modules/identity.ts';
import { Account } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import { OneTimeToken, type TokenPurpose } from '#domain/identity/one-time-token.ts';
import { Passkey } from '#domain/identity/passkey.ts';
import type { PhoneNumber } from '#domain/identity/phone-number.ts';
import { SecondFactor } from '#domain/identity/second-factor.ts';
import { Session } from '#domain/identity/session.ts';
import type { Username } from '#domain/identity/username.ts';
import { ANONYMOUS } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { eventsOf } from '../../support/events.ts';
import { type IdentityDatabase, type IdentityProcess, openIdentity } from '../../support/identity.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';
import { SIGNED_IN } from '../../support/sessions.ts';

const AT = 1_764_000_000_123;
const MINUTE = 60_000;

describe.each(PROFILES)('what guards accounts on %s', (profile) => {
  let database: IdentityDatabase;
  let one: IdentityProcess;
  let two: IdentityProcess;
  let made = 0;

  beforeAll(async () => {
    database = await openIdentity(profile);
    [one, two] = [database.process(), database.process()];
  });
  afterAll(() => database?.close());

  const id = (): string => crypto.randomUUID();
  const run = <R extends Result<unknown, unknown>>(work: (tx: IdentityTx) => Promise<R>): Promise<R> =>
    one.container.get(Identity.uow).run(ANONYMOUS, work);
  const saved = <T extends { readonly version: number }>({ state, events }: { readonly state: T; readonly events: readonly unknown[] }): T => ({
    ...state,
    version: state.version + events.length,
  });
  const queries = () => one.container.get(Identity.queries);

  describe('accounts', () => {
    const draft = (more: { phone?: string; username?: string } = {}) =>
      Account.register(
        {
          id: id(),
          email: `named${++made}@example.com` as EmailAddress,
          displayName: 'Asha Rao',
          passwordHash: 'v1$hash',
          platformRoles: [],
          ...(more.phone && { phone: more.phone as PhoneNumber }),
          ...(more.username && { username: more.username as Username }),
        },
        AT,
      );
    const store = async (more?: { phone?: string; username?: string }) => {
      const change = draft(more);
      expect(await run(async (tx) => ok(await tx.accounts.save(change)))).toEqual(ok('saved'));
      return saved(change);
    };

    it('are found by number and name, and keep all that they were given', async () => {
      const account = await store({ phone: '+919810000001', username: 'asha' });
      const verified = Account.verifyEmail(account, AT + 5);
      await run(async (tx) => ok(verified && (await tx.accounts.save(verified))));
      const kept = { ...account, emailVerifiedAt: AT + 5, version: 2 };
      expect(await queries().accountByPhone('+919810000001' as PhoneNumber)).toEqual(kept);
      expect(await queries().accountByUsername('asha' as Username)).toEqual(kept);
      expect(await queries().accountByUsername('nobody' as Username)).toBeUndefined();
    });

    it('tell what is taken, on registering and on changing, and give up what they leave', async () => {
      await store({ phone: '+919810000002', username: 'first' });
      const save = (change: ReturnType<typeof draft>) =>
        run(async (tx) => {
          const answer = await tx.accounts.save(change);
          return answer === 'saved' ? ok(answer) : err(answer);
        });
      expect(await save(draft({ phone: '+919810000002' }))).toEqual(err('phone_taken'));
      expect(await save(draft({ username: 'first' }))).toEqual(err('username_taken'));
      const other = await store({ username: 'second' });
      const rename = (account: Account, username: string) =>
        must(ok(Account.changeProfile(account, { username: username as Username }, AT))) as ReturnType<typeof draft>;
      expect(await save(rename(other, 'first'))).toEqual(err('username_taken'));
      expect(await save(rename(other, 'third'))).toEqual(ok('saved'));
      expect(await save(draft({ username: 'second' }))).toEqual(ok('saved'));
      const moved = Account.changeEmail(
        { ...other, username: 'third' as Username, version: 2 },
        'asha.two@example.com' as EmailAddress,
        'changed',
        AT,
      );
      expect(await save(moved)).toEqual(ok('saved'));
      expect(await queries().accountByEmail(other.email)).toBeUndefined();
      expect((await queries().accountByEmail('asha.two@example.com' as EmailAddress))?.credentials).toBe(2);
    });
  });

  describe('one-time tokens', () => {
    const draft = (accountId = id(), purpose: TokenPurpose = 'verify_email') =>
      OneTimeToken.issue({ id: id(), purpose, accountId, selector: id(), verifierHash: 'hash', credentials: 1, email: 'asha@example.com' }, AT);

    it('are kept as they were given, and found by their selector', async () => {
      const change = draft();
      await run(async (tx) => ok(await tx.tokens.save(change)));
      expect(await queries().token(change.state.selector)).toEqual(saved(change));
      expect(await run(async (tx) => ok(await tx.tokens.lock(change.state.selector)))).toEqual(ok(saved(change)));
      expect([await queries().token('nothing'), await run(async (tx) => ok(await tx.tokens.lock('nothing')))]).toEqual([undefined, ok(undefined)]);
    });

    it('are listed while they can be redeemed, those of this transaction too', async () => {
      const accountId = id();
      const [first, second] = [draft(accountId), draft(accountId, 'reset_password')];
      await run(async (tx) => ok(await tx.tokens.save(first)));
      const seen = await run(async (tx) => {
        await tx.tokens.save(second);
        return ok((await tx.tokens.issuedTo(accountId)).map((token) => token.id).sort());
      });
      expect(seen).toEqual(ok([first.state.id, second.state.id].sort()));
      const ended = OneTimeToken.supersede(saved(first), AT);
      await run(async (tx) => ok(ended && (await tx.tokens.save(ended))));
      expect(await run(async (tx) => ok((await tx.tokens.issuedTo(accountId)).map((token) => token.id)))).toEqual(ok([second.state.id]));
    });

    it('confirm no address but the one they were sent to', async () => {
      const account = Account.register(
        { id: id(), email: `v${++made}@example.com` as EmailAddress, displayName: 'A', passwordHash: 'h', platformRoles: [] },
        AT,
      );
      const { secrets } = one.container.get(Identity.security);
      const { text, selector, verifier } = secrets.mint('verify_email');
      const token = {
        id: id(),
        purpose: 'verify_email',
        accountId: account.state.id,
        selector,
        verifierHash: secrets.digest(verifier),
        credentials: null,
      } as const;
      await run(async (tx) => {
        await tx.accounts.save(account);
        return ok(await tx.tokens.save(OneTimeToken.issue({ ...token, email: 'before@example.com' }, database.clock.at)));
      });
      expect(await one.identity.verifyEmail({ token: text }, ANONYMOUS)).toEqual(err({ code: 'identity.token_invalid' }));
      expect((await queries().account(account.state.id))?.emailVerifiedAt).toBeNull();
    });

    it('are forgotten once they have long expired', async () => {
      const change = draft();
      await run(async (tx) => ok(await tx.tokens.save(change)));
      await run(async (tx) => ok(await tx.tokens.forget(change.state.expiresAt)));
      expect(await queries().token(change.state.selector)).toBeDefined();
      const gone = await run(async (tx) => ok(await tx.tokens.forget(change.state.expiresAt + 1)));
      expect(gone.value).toBeGreaterThan(0);
      expect(await queries().token(change.state.selector)).toBeUndefined();
    });

    it('are redeemed by one of twenty at once', async () => {
      const change = draft();
      await run(async (tx) => ok(await tx.tokens.save(change)));
      const redeem = () =>
        run(async (tx) => {
          const token = await tx.tokens.lock(change.state.selector);
          const redemption = token && OneTimeToken.redeem(token, { isGenuine: true, credentials: 1 }, AT + 1);
          if (redemption && 'change' in redemption) await tx.tokens.save(redemption.change);
          return ok(redemption?.outcome);
        });
      const outcomes = (await Promise.all(Array.from({ length: 20 }, redeem))).map(({ value }) => value);
      expect(outcomes.filter((outcome) => outcome === 'redeemed')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'ended')).toHaveLength(19);
      await expect(run(async (tx) => ok(await tx.tokens.save({ state: saved(change), events: change.events })))).rejects.toThrow(WriteConflict);
    });
  });

  describe('second factors', () => {
    const CODES = [{ slot: '01', hash: 'hash-of-one' }];
    it('are kept as they were given, one for an account', async () => {
      const accountId = id();
      const begun = must(SecondFactor.enrol(undefined, { accountId, sealedSecret: 'sealed' }, AT));
      await run(async (tx) => ok(await tx.secondFactors.save(begun)));
      await expect(run(async (tx) => ok(await tx.secondFactors.save(begun)))).rejects.toThrow(WriteConflict);
      const confirmed = must(SecondFactor.confirm(saved(begun), 58_800_000, CODES, AT));
      await run(async (tx) => ok(await tx.secondFactors.save(confirmed)));
      expect(await queries().secondFactor(accountId)).toEqual(saved(confirmed));
      expect(await run(async (tx) => ok(await tx.secondFactors.lock(accountId)))).toEqual(ok(saved(confirmed)));
      expect(await queries().secondFactor(id())).toBeUndefined();

      const use = () =>
        run(async (tx) => {
          const factor = await tx.secondFactors.lock(accountId);
          const used = factor && SecondFactor.useBackupCode(factor, CODES[0] as (typeof CODES)[0], AT);
          if (used) await tx.secondFactors.save(used);
          return ok(used !== undefined);
        });
      const used = await Promise.all(Array.from({ length: 20 }, use));
      expect(used.filter(({ value }) => value)).toHaveLength(1);
    });
  });

  describe('passkeys', () => {
    const draft = (accountId = id(), credentialId = id()) =>
      must(Passkey.add({ id: id(), accountId, credentialId, publicKey: 'cHVibGlj', counter: 0, name: 'Phone' }, 0, AT));
    const save = (change: ReturnType<typeof draft>) => run(async (tx) => ok(await tx.passkeys.save(change)));

    it('are kept as they were given, found by what their device calls them, and listed until they are removed', async () => {
      const change = draft();
      expect(await save(change)).toEqual(ok('saved'));
      const { accountId, credentialId } = change.state;
      expect(await queries().passkey(credentialId)).toEqual(saved(change));
      expect(await queries().passkeys(accountId)).toEqual([saved(change)]);
      expect(await run(async (tx) => ok(await tx.passkeys.activeOf(accountId)))).toEqual(ok([saved(change)]));
      const used = Passkey.use(saved(change), 5_000_000_000, AT + 1) ?? expect.fail('a fresh count');
      await save(used);
      expect(await queries().passkey(credentialId)).toEqual({ ...saved(change), counter: 5_000_000_000, usedAt: AT + 1, version: 2 });
      await expect(save(used)).rejects.toThrow(WriteConflict);
      await save(Passkey.remove(saved(used), AT + 2) ?? expect.fail('it can be removed'));
      expect([await queries().passkey(credentialId), await queries().passkeys(accountId)]).toEqual([undefined, []]);
    });

    it('are somebody’s once, of twenty who want one at once', async () => {
      const credentialId = id();
      const add = () => run(async (tx) => ((await tx.passkeys.save(draft(id(), credentialId))) === 'saved' ? ok('saved') : err('taken')));
      const answers = await Promise.all(Array.from({ length: 20 }, add));
      expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    });
  });

  describe('sessions', () => {
    it('of an account are listed until they end, the newest first', async () => {
      const account = Account.register(
        { id: id(), email: `s${++made}@example.com` as EmailAddress, displayName: 'A', passwordHash: 'h', platformRoles: [] },
        AT,
      );
      await run(async (tx) => ok(await tx.accounts.save(account)));
      const start = () =>
        must(
          Session.start(
            {
              id: nextId(),
              account: account.state,
              salt: 'c2FsdA',
              holdsRoles: false,
              ...SIGNED_IN,
              ip: '203.0.113.0',
            },
            AT,
          ),
        );
      const [first, second] = [start(), start()];
      for (const change of [first, second]) await run(async (tx) => ok(await tx.sessions.save(change)));
      expect(await queries().sessions(account.state.id)).toEqual([saved(second), saved(first)]);
      const strong = Session.strengthen(saved(first), 'totp', AT);
      await run(async (tx) => ok(strong && (await tx.sessions.save(strong))));
      const ended = must(Session.revoke(saved(second), 'ended_by_owner', AT));
      await run(async (tx) => ok(await tx.sessions.save(ended)));
      expect(await run(async (tx) => ok(await tx.sessions.activeOf(account.state.id)))).toEqual(ok(await queries().sessions(account.state.id)));
      expect(await queries().sessions(account.state.id)).toMatchObject([{ id: first.state.id, proofs: ['password', 'totp'], ip: '203.0.113.0' }]);
    });
    let serial = 0;
    const nextId = () => `019a9f3f-02aa-7a58-8d0e-6c5b0e3f9${String(100 + ++serial)}`;
  });

  describe('attempts', () => {
    const LIMIT = { max: 5, windowMs: 15 * MINUTE, lockMs: [MINUTE] };
    const attempts = (process = one) => process.container.get(Identity.attempts);

    it('let five of a hundred at once through, in two processes', async () => {
      const key = id();
      const taken = await Promise.all(Array.from({ length: 100 }, (_, i) => attempts(i % 2 ? one : two).take([{ key, policy: LIMIT }], AT)));
      expect(taken.filter(({ isAllowed }) => isAllowed)).toHaveLength(5);
      expect(taken.flatMap((one) => (one.isAllowed ? [one.remaining] : [])).sort()).toEqual([0, 1, 2, 3, 4]);
      for (const refused of taken.filter((one) => !one.isAllowed)) expect(refused).toEqual({ isAllowed: false, availableAt: AT + MINUTE });
      expect((await attempts().take([{ key, policy: LIMIT }], AT + MINUTE)).isAllowed).toBe(true);
    });

    it('are taken of several counts together, or of none', async () => {
      const [narrow, wide] = [
        { key: id(), policy: { ...LIMIT, max: 2 } },
        { key: id(), policy: LIMIT },
      ];
      for (let i = 0; i < 2; i++) expect((await attempts().take([wide, narrow], AT)).isAllowed).toBe(true);
      expect((await attempts().take([narrow, wide], AT)).isAllowed).toBe(false);
      expect(await attempts().take([wide], AT)).toEqual({ isAllowed: true, remaining: 2 });
    });

    it('do not wait for each other in a circle', async () => {
      const limits = Array.from({ length: 4 }, () => ({ key: id(), policy: { ...LIMIT, max: 1_000 } }));
      const shuffled = (i: number) => limits.toSorted((a, b) => (a.key.charCodeAt(i % 8) % 7) - (b.key.charCodeAt(i % 8) % 7));
      const taken = await Promise.all(Array.from({ length: 40 }, (_, i) => attempts(i % 2 ? one : two).take(shuffled(i), AT)));
      expect(taken.every(({ isAllowed }) => isAllowed)).toBe(true);
      expect(await attempts().take(limits, AT)).toEqual({ isAllowed: true, remaining: 959 });
    });

    it('are as if they had not been when nothing came of them, the lock they turned included', async () => {
      const key = id();
      for (let i = 0; i < 5; i++) await attempts().take([{ key, policy: LIMIT }], AT + i);
      expect(await attempts().take([{ key, policy: LIMIT }], AT + 5)).toEqual({ isAllowed: false, availableAt: AT + 4 + MINUTE });
      await attempts().giveBack([key, id()], AT + 99); // That one was never made.
      expect((await attempts().take([{ key, policy: LIMIT }], AT + 5)).isAllowed).toBe(false);
      await attempts().giveBack([key], AT + 2);
      expect(await attempts().take([{ key, policy: LIMIT }], AT + 5)).toEqual({ isAllowed: true, remaining: 0 });
      // It is the first lock again, not the second.
      expect(await attempts().take([{ key, policy: { ...LIMIT, lockMs: [MINUTE, 2 * MINUTE] } }], AT + 6)).toEqual({
        isAllowed: false,
        availableAt: AT + 5 + MINUTE,
      });
    });

    it('are given back, and forgotten after a day of quiet', async () => {
      const key = id();
      const full = async () => {
        for (let i = 0; i < 5; i++) await attempts().take([{ key, policy: LIMIT }], AT);
        return (await attempts().take([{ key, policy: LIMIT }], AT)).isAllowed;
      };
      expect(await full()).toBe(false);
      await attempts().clear([key, 'nothing']);
      expect(await full()).toBe(false);
      await attempts().forget(AT + 24 * 60 * MINUTE);
      expect((await attempts().take([{ key, policy: LIMIT }], AT)).isAllowed).toBe(false);
      expect(await attempts().forget(AT + 25 * 60 * MINUTE)).toBeGreaterThan(0);
      expect((await attempts().take([{ key, policy: LIMIT }], AT)).isAllowed).toBe(true);
    });
  });

  it('leave a trace of what belongs to no account, if it is committed', async () => {
    const event = { type: 'identity.sign_in_failed', accountId: null, identifier: 'n•••y', ip: '203.0.113.7', step: 'password', at: AT } as const;
    const traces = async () => (await eventsOf(one.container)).filter(({ type }) => type === event.type).length;
    const before = await traces();
    await run(async (tx) => ok(tx.security.record(event)));
    await run(async (tx) => err(tx.security.record(event)));
    expect(await traces()).toBe(before + 1);
  });
});
