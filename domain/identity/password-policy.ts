import { err, ok, type Result } from '../shared/result.ts';
import type { IdentityErrorOf } from './errors.ts';

export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

/** What a password can lack; each is told by its name. */
export type PasswordRule = 'too_short' | 'too_long' | 'no_upper' | 'no_lower' | 'no_digit' | 'no_special' | 'own_words' | 'common';

/** Shorter words of a person (`an`, `raj`) stand inside too many good passwords. */
const OWN_WORD_MIN = 4;
const DISTINCT_MIN = 5;

const KINDS: readonly (readonly [PasswordRule, RegExp])[] = [
  ['no_upper', /\p{Lu}/u],
  ['no_lower', /\p{Ll}/u],
  ['no_digit', /\p{Nd}/u],
  ['no_special', /[^\p{L}\p{N}]/u],
];

/** What is left of the commonest passwords once the digits and signs around the word are taken off. */
const COMMON = new Set(
  (
    'abc abcd abcde abcdef access account admin administrator apple asdf asdfg asdfgh asdfghjkl azerty baseball batman bharat changeme charlie chennai ' +
    'chocolate company computer cricket default delhi demo dragon family flower football freedom ganesh google guest hello hunter iloveyou india internet ' +
    'jesus krishna letmein login london lovely loveyou manager master michael monkey mumbai mypassword mustang newpassword ninja office pass passcode passwd ' +
    'password pakistan princess qazawsx qazwsx qazxsw qwer qwert qwerty qwertyuiop restaurant root sachin samsung secret service shadow soccer starwars ' +
    'summer sunshine superman system temp temporary test tester thali trustno unknown user welcome whatever winter zaqwsx zxcv zxcvb zxcvbn zxcvbnm'
  ).split(' '),
);

const LOOKS_LIKE: Readonly<Record<string, string>> = { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't' };

/** The password as it is hashed: the same text whatever way a keyboard composes it. */
const normalise = (password: string): string => password.normalize('NFKC');

/** Refuses with every rule that fails. `ownWords` are texts about the person, such as a name or an address. */
function check(password: string, ownWords: readonly string[]): Result<string, IdentityErrorOf<'identity.password_weak'>> {
  if (password.length > PASSWORD_MAX * 2) return err({ code: 'identity.password_weak', rules: ['too_long'] }); // Before any work on it.
  const normalised = normalise(password);
  const { length } = [...normalised];
  if (length > PASSWORD_MAX) return err({ code: 'identity.password_weak', rules: ['too_long'] });

  const rules: PasswordRule[] = length < PASSWORD_MIN ? ['too_short'] : [];
  for (const [rule, kind] of KINDS) if (!kind.test(normalised)) rules.push(rule);
  if (hasOwnWord(normalised, ownWords)) rules.push('own_words');
  if (isCommon(normalised)) rules.push('common');
  return rules.length === 0 ? ok(normalised) : err({ code: 'identity.password_weak', rules });
}

function hasOwnWord(password: string, texts: readonly string[]): boolean {
  const folded = password.toLowerCase();
  return texts
    .flatMap((text) =>
      normalise(text)
        .toLowerCase()
        .split(/[^\p{L}\p{M}\p{N}]+/u),
    )
    .some((word) => [...word].length >= OWN_WORD_MIN && folded.includes(word));
}

function isCommon(password: string): boolean {
  const folded = password.toLowerCase();
  if (new Set(folded).size < DISTINCT_MIN) return true;
  const core = folded.replace(/[^a-z]+$/, '');
  return COMMON.has(lettersOf(core)) || COMMON.has(lettersOf(core.replace(/^[^a-z]+/, '')));
}

const lettersOf = (text: string): string =>
  [...text]
    .map((sign) => LOOKS_LIKE[sign] ?? sign)
    .join('')
    .replace(/[^a-z]/g, '');

export const PasswordPolicy = { check, normalise };
