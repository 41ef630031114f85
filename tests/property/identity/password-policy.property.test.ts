import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PASSWORD_MAX, PASSWORD_MIN, PasswordPolicy } from '#domain/identity/password-policy.ts';

const SAMPLES = ['Z', 'q', '7', '#'] as const;
const typed = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 140 }), fc.string({ maxLength: 20 }));

it('never throws, and accepts only what keeps every rule', () => {
  fc.assert(
    fc.property(typed, fc.array(typed, { maxLength: 3 }), (password, own) => {
      const checked = PasswordPolicy.check(password, own);
      if (!checked.ok) {
        expect(new Set(checked.error.rules).size).toBe(checked.error.rules.length);
        expect(checked.error.rules.length).toBeGreaterThan(0);
        return;
      }
      const length = [...checked.value].length;
      expect(length).toBeGreaterThanOrEqual(PASSWORD_MIN);
      expect(length).toBeLessThanOrEqual(PASSWORD_MAX);
      for (const kind of [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u]) expect(checked.value).toMatch(kind);
      expect(PasswordPolicy.check(checked.value, own)).toEqual(checked);
    }),
    { numRuns: 2_000 },
  );
});

it('finds a word of the person wherever it stands and however it is cased', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(word, fc.string({ maxLength: 10 }), fc.string({ maxLength: 10 }), fc.boolean(), (own, before, after, loud) => {
      const checked = PasswordPolicy.check(`${before}${loud ? own.toUpperCase() : own}${after}${SAMPLES.join('')}`, [`${own}@x.com`]);
      expect(checked.ok ? [] : checked.error.rules).toContain('own_words');
    }),
  );
});
