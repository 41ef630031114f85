import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMAIL_MAX, EmailAddress } from '#domain/identity/email-address.ts';

const anything = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('a', 'H', '\u0331', '\u212a', 'İ', ' ', '@', '.', 'ﬁ') }),
);
const local = fc.string({ unit: fc.constantFrom(...'abcXYZ019_+-'), minLength: 1, maxLength: 20 });
const domain = fc.string({ unit: fc.constantFrom(...'abcXYZ019'), minLength: 1, maxLength: 20 });
const address = fc.tuple(local, domain, fc.constantFrom('com', 'CO.IN', 'kitchen')).map(([who, where, top]) => `${who}@${where}.${top}`);

it('normalises what is normalised to itself', () => {
  fc.assert(
    fc.property(fc.oneof(anything, address), (text) => {
      const once = EmailAddress.normalise(text);
      expect(EmailAddress.normalise(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});

it('never throws, and keeps only short ASCII addresses, which it then reads as themselves', () => {
  fc.assert(
    fc.property(fc.oneof(anything, address), (text) => {
      const parsed = EmailAddress.parse(text);
      if (!parsed.ok) return;
      expect(parsed.value).toMatch(/^[\x21-\x7e]+@[\x21-\x7e]+$/);
      expect(parsed.value.length).toBeLessThanOrEqual(EMAIL_MAX);
      expect(EmailAddress.parse(parsed.value)).toEqual(parsed);
    }),
    { numRuns: 2_000 },
  );
});

it('reads an address however it is written as one and the same', () => {
  const wide = (text: string): string => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
  fc.assert(
    fc.property(address, (text) => {
      const expected = EmailAddress.parse(text);
      expect(expected.ok).toBe(true);
      for (const spelling of [text.toUpperCase(), text.toLowerCase(), ` ${text}\t`, wide(text)])
        expect(EmailAddress.parse(spelling)).toEqual(expected);
    }),
  );
});
