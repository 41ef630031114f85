import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdentityTx } from '#application/identity/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { External } from '#composition/modules/external.ts';
import { Identity } from '#composition/modules/identity.ts';
import { ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import { ANONYMOUS } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { eventsOf } from '../../support/events.ts';
import { type IdentityDatabase, type IdentityProcess, openIdentity } from '../../support/identity.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';

const AT = 1_764_000_000_123;
const ISSUER = 'https://accounts.google.com';

describe.each(PROFILES)('what signing in elsewhere keeps on %s', (profile) => {
  let database: IdentityDatabase;
  let one: IdentityProcess;
  let made = 0;
  beforeAll(async () => {
    database = await openIdentity(profile);
    one = database.process();
  });
  afterAll(() => database?.close());

  const id = (): string => crypto.randomUUID();
  const run = <R extends Result<unknown, unknown>>(work: (tx: IdentityTx) => Promise<R>): Promise<R> =>
    one.container.get(Identity.uow).run(ANONYMOUS, work);
  const queries = () => one.container.get(Identity.queries);
  const linked = (accountId = id(), subject = `subject-${++made}`, issuer = ISSUER) =>
    must(ExternalIdentity.link({ id: id(), accountId, provider: 'google', issuer, subject }, 0, AT));
  const save = (change: ReturnType<typeof linked>) =>
    run(async (tx) => {
      const saved = await tx.externalIdentities.save(change);
      return saved === 'saved' ? ok(saved) : err(saved);
    });
  const stored = async (change = linked()): Promise<ExternalIdentity> => {
    must(await save(change));
    return { ...change.state, version: 1 };
  };
  const found = ({ issuer, subject }: ExternalIdentity) => run(async (tx) => ok(await tx.externalIdentities.find(issuer, subject)));

  describe('external identities', () => {
    it('are kept as they were given, and found by subject and by account', async () => {
      const identity = await stored();
      expect(await found(identity)).toEqual(ok(identity));
      expect(await queries().externalIdentity(identity.issuer, identity.subject)).toEqual(identity);
      expect(await queries().externalIdentities(identity.accountId)).toEqual([identity]);
      expect(await run(async (tx) => ok(await tx.externalIdentities.activeOf(identity.accountId)))).toEqual(ok([identity]));
      expect((await eventsOf(one.container)).at(-1)).toMatchObject({ type: 'identity.external_identity_linked', externalIdentityId: identity.id });
    });

    it('are nobody’s who is not there', async () => {
      expect(await queries().externalIdentity(ISSUER, 'nobody')).toBeUndefined();
      expect(await queries().externalIdentities(id())).toEqual([]);
      expect(await run(async (tx) => ok([await tx.externalIdentities.find(ISSUER, 'nobody'), await tx.externalIdentities.activeOf(id())]))).toEqual(
        ok([undefined, []]),
      );
    });

    it('are one for an issuer and a subject, and as many as there are issuers', async () => {
      const identity = await stored();
      expect(await save(linked(id(), identity.subject))).toEqual(err('taken'));
      expect(await save(linked(id(), identity.subject, 'https://another.example'))).toEqual(ok('saved'));
      expect(await queries().externalIdentity(ISSUER, identity.subject)).toEqual(identity);
    });

    it('are won by one of twenty who want the same at once', async () => {
      const subject = `wanted-${++made}`;
      const results = await Promise.all(Array.from({ length: 20 }, () => save(linked(id(), subject))));
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect(results.filter((result) => !result.ok && result.error === 'taken')).toHaveLength(19);
    });

    it('are listed with the newest first', async () => {
      const accountId = id();
      const ids = ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'].map((text) =>
        text.replace('019a', `${1_000 + ++made}`),
      );
      for (const each of ids) {
        const change = linked(accountId);
        await stored({ ...change, state: { ...change.state, id: each } });
      }
      expect((await queries().externalIdentities(accountId)).map((identity) => identity.id)).toEqual(ids.toReversed());
    });

    it('are used and removed; what was removed can be linked by anybody', async () => {
      const identity = await stored();
      const used = ExternalIdentity.use(identity, AT + 1) ?? expect.fail();
      must(await save(used));
      const current = await queries().externalIdentity(identity.issuer, identity.subject);
      expect(current).toEqual({ ...identity, usedAt: AT + 1, version: 2 });
      must(await save(ExternalIdentity.remove(current ?? expect.fail(), AT + 2) ?? expect.fail()));
      expect(await found(identity)).toEqual(ok(undefined));
      expect(await queries().externalIdentity(identity.issuer, identity.subject)).toBeUndefined();
      expect(await queries().externalIdentities(identity.accountId)).toEqual([]);
      const next = await stored(linked(id(), identity.subject));
      expect(await found(identity)).toEqual(ok(next));
    });

    it('leave nothing when their transaction is refused', async () => {
      const change = linked();
      await run(async (tx) => err(await tx.externalIdentities.save(change)));
      expect(await found(change.state)).toEqual(ok(undefined));
      expect(await save(change)).toEqual(ok('saved'));
    });

    it('refuse to be written over by who read them before', async () => {
      const identity = await stored();
      const stale = ExternalIdentity.use(identity, AT + 1) ?? expect.fail();
      must(await save(stale));
      await expect(save(stale)).rejects.toThrow(WriteConflict);
    });
  });

  describe('notes', () => {
    const notes = () => one.container.get(External.notes);

    it('are read once, and by one of twenty who ask at once', async () => {
      const key = id();
      await notes().leave(key, 'sealed text', AT + 1);
      const taken = await Promise.all(Array.from({ length: 20 }, () => notes().take(key, AT)));
      expect(taken.filter((text) => text === 'sealed text')).toHaveLength(1);
      expect(taken.filter((text) => text === undefined)).toHaveLength(19);
      expect(await notes().take(key, AT)).toBeUndefined();
    });

    it('are nothing from the moment they expire, nor after they were looked for too late', async () => {
      const [key, other] = [id(), id()];
      await notes().leave(key, 'text', AT);
      expect(await notes().take(key, AT)).toBeUndefined();
      expect(await notes().take(key, AT - 1)).toBeUndefined();
      await notes().leave(other, 'text', AT);
      expect(await notes().take(other, AT - 1)).toBe('text');
    });

    it('are forgotten when they have expired, and only then', async () => {
      const [old, young] = [id(), id()];
      await notes().leave(old, 'old', AT + 10);
      await notes().leave(young, 'young', AT + 20);
      expect(await notes().forget(AT + 10)).toBeGreaterThanOrEqual(1);
      expect(await notes().forget(AT + 10)).toBe(0);
      expect(await notes().take(old, AT)).toBeUndefined();
      expect(await notes().take(young, AT)).toBe('young');
    });

    it('outlive the process that left them', async () => {
      const key = id();
      await notes().leave(key, 'text', AT + 1);
      expect(await database.process().container.get(External.notes).take(key, AT)).toBe('text');
    });
  });
});
