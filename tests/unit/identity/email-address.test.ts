import { describe, expect, it } from 'vitest';
import { EMAIL_MAX, EmailAddress } from '#domain/identity/email-address.ts';
import { err, ok } from '#domain/shared/result.ts';

const MALFORMED = err({ code: 'identity.email_malformed' });
const address = (local: number, domain: number): string =>
  `${'a'.repeat(local)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(domain - 183)}`;

describe('an e-mail address', () => {
  it.each([
    ['meera@example.com', 'meera@example.com'],
    ['  Meera.Nair+tiffin@Example.CO.IN ', 'meera.nair+tiffin@example.co.in'],
    ['MIKE@EXAMPLE.COM', 'mike@example.com'],
    ['mike＠example.com', 'mike@example.com'],
    ['mi\u212Ae@example.com', 'mike@example.com'],
    ['ｍｉｋｅ@example.com', 'mike@example.com'],
    ["o'hara_%&=/~@x-y.example", "o'hara_%&=/~@x-y.example"],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
    ['a@b.xn--p1ai', 'a@b.xn--p1ai'],
  ])('%s is %s', (typed, kept) => {
    expect(EmailAddress.parse(typed)).toEqual(ok(kept));
  });

  it.each([
    '',
    '@',
    'a',
    'a@',
    '@b.com',
    'a@b',
    'a@b.c',
    'a@b.12',
    'a@@b.com',
    'a@b@c.com',
    'a b@c.com',
    '.a@b.com',
    'a.@b.com',
    'a..b@c.com',
    'a@-b.com',
    'a@b-.com',
    'a@.com',
    'a@b..com',
    'a@b.com.',
    '"a"@b.com',
    'a(x)@b.com',
    'a@[127.0.0.1]',
    'a@b.com,c@d.com',
    'a@b.com\r\nBcc: c@d.com',
    'a\0@b.com',
    'm\u0131ke@example.com',
    'm\u0130ke@example.com',
    'meera@ex\u0430mple.com',
    'meera\u200b@example.com',
    'मीरा@example.com',
    'a@münchen.de',
  ])('refuses %j', (typed) => {
    expect(EmailAddress.parse(typed)).toEqual(MALFORMED);
  });

  it('keeps to the lengths of RFC 5321', () => {
    expect(address(64, 189)).toHaveLength(EMAIL_MAX);
    expect(EmailAddress.parse(address(64, 189)).ok).toBe(true);
    expect(EmailAddress.parse(address(64, 190))).toEqual(MALFORMED);
    expect(EmailAddress.parse(address(65, 188))).toEqual(MALFORMED);
    expect(EmailAddress.parse(`a@${'b'.repeat(63)}.com`).ok).toBe(true);
    expect(EmailAddress.parse(`a@${'b'.repeat(64)}.com`)).toEqual(MALFORMED);
    expect(EmailAddress.parse('\ufdfa'.repeat(200))).toEqual(MALFORMED); // One character that normalises to eighteen.
  });
});
