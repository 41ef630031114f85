import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Account } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import { arrivalOf } from '#domain/identity/external/arrival.ts';
import { EXTERNAL_IDENTITIES_MAX, ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import { isLastCredential } from '#domain/identity/external/last-credential.ts';
import { RETURN_TO_MAX, ReturnTo } from '#domain/identity/external/return-to.ts';
import { FRESH_MS, PROOFS, Session } from '#domain/identity/session.ts';
import { must } from '../../support/must.ts';

const AT = 1_764_000_000_000;
const EMAIL = 'asha@example.com' as EmailAddress;
const DRAFT = { id: 'x1', accountId: 'a1', provider: 'google', issuer: 'https://accounts.google.com', subject: '1' };
const person = (isVerified: boolean) =>
  Account.register({ id: 'a1', email: EMAIL, displayName: 'Asha Rao', passwordHash: 'hash', platformRoles: [], isVerified }, AT).state;

describe('who arrives', () => {
  it('gets into an account that somebody has only by an address that the provider confirms', () => {
    const email = fc.constantFrom(EMAIL, null);
    const holder = fc.constantFrom(undefined, person(true), person(false));
    fc.assert(
      fc.property(email, fc.boolean(), holder, (address, isEmailVerified, held) => {
        const arrival = arrivalOf({ email: address, isEmailVerified }, held);
        if (address === null) expect(arrival).toMatchObject({ error: { code: 'identity.external_email_missing' } });
        else if (!held) expect(arrival).toEqual({ ok: true, value: 'register' });
        else if (!isEmailVerified) expect(arrival).toMatchObject({ error: { code: 'identity.external_email_unproven' } });
        else expect(arrival).toEqual({ ok: true, value: held.emailVerifiedAt === null ? 'reclaim' : 'link' });
      }),
    );
  });

  it('finds nothing of a stranger in the account they get', () => {
    const text = fc.option(fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(text, text, fc.string({ minLength: 1 }), fc.nat(9), (phone, username, displayName, credentials) => {
        const held = { ...person(false), phone, username, credentials: credentials + 1, version: 3 } as Account;
        const { state, events } = Account.reclaim(held, displayName, AT + 1);
        expect(Account.check(state)).toEqual({
          ...held,
          phone: null,
          username: null,
          displayName,
          passwordHash: null,
          emailVerifiedAt: AT + 1,
          credentials: held.credentials + 1,
        });
        const types = events.map(({ type }) => type);
        expect(types).toContain('identity.account_reclaimed');
        expect(types).toContain('identity.email_verified');
      }),
    );
  });
});

describe('external identities', () => {
  it('are used until they are removed, and removed once', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('use', 'remove'), { maxLength: 20 }), (steps) => {
        let identity = must(ExternalIdentity.link(DRAFT, 0, AT)).state;
        for (const [index, step] of steps.entries()) {
          const before = identity;
          const change = step === 'use' ? ExternalIdentity.use(before, AT + index) : ExternalIdentity.remove(before, AT + index);
          expect(change === undefined).toBe(before.status === 'removed');
          identity = ExternalIdentity.check(change?.state ?? before);
          expect([identity.issuer, identity.subject, identity.accountId]).toEqual([DRAFT.issuer, DRAFT.subject, DRAFT.accountId]);
          expect(change?.events ?? []).toHaveLength(change ? 1 : 0);
        }
      }),
    );
  });

  it.each([
    [EXTERNAL_IDENTITIES_MAX - 1, true],
    [EXTERNAL_IDENTITIES_MAX, false],
    [EXTERNAL_IDENTITIES_MAX + 1, false],
  ])('after %i others one more is linked: %s', (others, isLinked) => {
    expect(ExternalIdentity.link(DRAFT, others, AT).ok).toBe(isLinked);
  });

  it('are the last credential exactly when nothing else signs in', () => {
    fc.assert(
      fc.property(fc.constantFrom('hash', null), fc.nat(3), fc.nat(3), (passwordHash, passkeys, identities) => {
        const left = (passwordHash === null ? 0 : 1) + passkeys + identities - 1;
        expect(isLastCredential({ passwordHash }, passkeys, identities)).toBe(left <= 0);
      }),
    );
  });
});

describe('a page to return to', () => {
  const APP = 'https://eat.example.com';

  it('never leads out of the app, whatever is asked for', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      ':',
      '@',
      '%2f',
      '%5c',
      '//',
      '?',
      '#',
      '&',
      '=',
      'a',
      'evil.example',
      'javascript:',
      '\t',
      '\n',
      ' ',
      'é',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.webUrl(),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.boolean(), text, (hasSlash, asked) => {
        const page = ReturnTo.parse(hasSlash ? `/${asked}` : asked);
        if (!page.ok) return;
        const url = new URL(`${APP}${page.value}#code=x`);
        expect(url.origin).toBe(APP);
        expect(url.hash).toBe('#code=x');
        expect(url.pathname + url.search).toBe(page.value);
        expect(new URL(page.value, APP).origin).toBe(APP); // However a browser reads it.
      }),
      { numRuns: 500 },
    );
  });

  it('is asked something, or nothing', () => {
    expect(ReturnTo.parse('/?').ok).toBe(false);
  });
  it.each(['/', '/welcome', '/a/b-c/d_e/', '/menu?dish=3&from=mail', `/${'a'.repeat(RETURN_TO_MAX - 1)}`])('may be %s', (page) => {
    expect(ReturnTo.parse(page).ok).toBe(true);
  });
  it('is not longer than it may be', () => {
    expect(ReturnTo.parse(`/${'a'.repeat(RETURN_TO_MAX)}`).ok).toBe(false);
  });
});

describe('a session', () => {
  it('stands for a password only just after it began', () => {
    const account = person(true);
    const started = Session.start(
      { id: 's', account, factor: undefined, salt: 'x', proofs: ['external'], device: 'd', ip: null, holdsRoles: false },
      AT,
    );
    const session = must(started).state;
    expect([0, FRESH_MS, FRESH_MS + 1].map((ms) => Session.isFresh(session, AT + ms))).toEqual([true, true, false]);
  });

  it('is never begun where a second factor is on by what another provider proved', () => {
    const factor = { accountId: 'a1', status: 'on', sealedSecret: 's', lastStep: 0, backupCodes: [], version: 1 } as const;
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...PROOFS), { minLength: 1 }), (proofs) => {
        const started = Session.start({ id: 's', account: person(true), factor, salt: 'x', proofs, device: 'd', ip: null, holdsRoles: false }, AT);
        expect(started.ok).toBe(proofs.some((proof) => ['totp', 'backup_code', 'passkey'].includes(proof)));
      }),
    );
  });
});
