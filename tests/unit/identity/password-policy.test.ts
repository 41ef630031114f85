import { describe, expect, it } from 'vitest';
import { PASSWORD_MAX, PasswordPolicy } from '#domain/identity/password-policy.ts';

const OWN = ['Meera Nair', 'mnair.kochi@annapurna.test'];
const rules = (password: string, own: readonly string[] = OWN) => {
  const checked = PasswordPolicy.check(password, own);
  return checked.ok ? [] : checked.error.rules;
};
const long = (length: number): string => `Aa1!${'xyzuvw'.repeat(30)}`.slice(0, length);

describe('the password policy', () => {
  it.each([
    ['tiffin-At-7-sharp', []],
    ['Grün8 Wolken', []],
    ['Ab3$efgh', []],
    ['Ab3$efg', ['too_short']],
    ['ab3$efgh', ['no_upper']],
    ['AB3$EFGH', ['no_lower']],
    ['Abc$efgh', ['no_digit']],
    ['Ab3defgh', ['no_special']],
    ['', ['too_short', 'no_upper', 'no_lower', 'no_digit', 'no_special', 'common']],
    ['xxxxxxxx', ['no_upper', 'no_digit', 'no_special', 'common']],
  ])('%j fails %j', (password, expected) => {
    expect(rules(password)).toEqual(expected);
  });

  it('counts characters as people do, from 8 to 128', () => {
    expect(rules(long(PASSWORD_MAX))).toEqual([]);
    expect(rules(long(PASSWORD_MAX + 1))).toEqual(['too_long']);
    expect(rules(`Aa1!${'🍛🥘🍚'.repeat(41)}🍛`)).toEqual([]); // 128 of them, twice as long to a computer.
    expect(rules(`Aa1!${'🍛🥘🍚'.repeat(41)}🍛🍛`)).toEqual(['too_long']);
    expect(rules('x'.repeat(1_000_000))).toEqual(['too_long']);
    expect(rules(`Aa1!${'\ufdfa'.repeat(100)}`)).toEqual(['too_long']);
  });

  it.each(['meera-Tiffin-7', 'xx-MEERA-77', 'Nair77!xyzw', 'Mnair!2345', 'my-Kochi-54', '9Annapurna!!'])(
    'refuses their own words in %s',
    (password) => {
      expect(rules(password)).toContain('own_words');
    },
  );

  it('leaves short words alone, and words of others', () => {
    expect(rules('Raj-bats-27!', ['Raj', 'raj@x.com'])).toEqual([]);
    expect(rules('meera-Tiffin-7', ['Asha Rao', 'asha@example.com'])).toEqual([]);
  });

  it.each([
    'Password1!',
    'P@ssw0rd123',
    '!Pa$$w0rd',
    '@Dmin12345!',
    '123Qwerty!',
    'Welcome@123',
    '1qaz@WSX',
    'Abcd@12345',
    'Aa1!Aa1!',
    'Iloveyou<3 2',
  ])('knows %s', (password) => {
    expect(rules(password, [])).toEqual(['common']);
  });

  it('gives back the text to hash: one spelling for all keyboards, otherwise as typed', () => {
    expect(PasswordPolicy.check('  Pa\u0308sswort-ZWEI 2 ', [])).toEqual({ ok: true, value: '  P\u00e4sswort-ZWEI 2 ' });
    expect(PasswordPolicy.normalise('\uFF21\u0065\u0301')).toBe('A\u00e9');
  });
});
