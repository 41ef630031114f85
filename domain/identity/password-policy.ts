import { err, ok, type Result } from '../shared/result.ts';
import type { IdentityErrorOf } from './errors.ts';

export const PASSWORD_MIN = 8;
/** For whoever holds a role, in a restaurant or on the platform. */
export const PASSWORD_MIN_WITH_ROLES = 10;
export const PASSWORD_MAX = 128;

/** What a password can lack; each is told by its name. */
export const PASSWORD_STRENGTHS = ['weak', 'fair', 'good', 'strong'] as const;
/** How many guesses it takes, roughly: a hint, not a rule. */
export type PasswordStrength = (typeof PASSWORD_STRENGTHS)[number];
export type PasswordRule = 'too_short' | 'too_long' | 'no_upper' | 'no_lower' | 'no_digit' | 'no_special' | 'own_words' | 'common' | 'breached';

/** Shorter words of a person (`an`, `raj`) stand inside too many good passwords. */
const OWN_WORD_MIN = 4;
const DISTINCT_MIN = 5;
/** Shorter words of the long list stand for too much. */
const COMMON_WORD_MIN = 5;

const KINDS: readonly (readonly [PasswordRule, RegExp])[] = [
  ['no_upper', /\p{Lu}/u],
  ['no_lower', /\p{Ll}/u],
  ['no_digit', /\p{Nd}/u],
  ['no_special', /[^\p{L}\p{N}]/u],
];

/** How many characters each kind has, in the order of KINDS. */
const ALPHABETS = [26, 26, 10, 33];

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

type Demands = {
  readonly min?: number;
  /** Whether many people use this very text, in lower case. */
  readonly isCommon?: (text: string) => boolean;
};

/** Refuses with every rule that fails. `ownWords` are texts about the person, such as a name or an address. */
function check(
  password: string,
  ownWords: readonly string[],
  { min = PASSWORD_MIN, isCommon = () => false }: Demands = {},
): Result<string, IdentityErrorOf<'identity.password_weak'>> {
  const refuse = (rules: readonly PasswordRule[], strength: PasswordStrength = 'weak') =>
    err({ code: 'identity.password_weak', rules, strength, minLength: min });
  if (password.length > PASSWORD_MAX * 2) return refuse(['too_long']); // Before any work on it.
  const normalised = normalise(password);
  const { length } = [...normalised];
  if (length > PASSWORD_MAX) return refuse(['too_long']);

  const rules: PasswordRule[] = length < min ? ['too_short'] : [];
  for (const [rule, kind] of KINDS) if (!kind.test(normalised)) rules.push(rule);
  if (hasOwnWord(normalised, ownWords)) rules.push('own_words');
  if (isGuessable(normalised, isCommon)) rules.push('common');
  return rules.length === 0
    ? ok(normalised)
    : refuse(rules, rules.includes('common') || rules.includes('own_words') ? 'weak' : strengthOf(normalised));
}

/** By its length and kinds of characters; what repeats or continues the character before it hardly counts. */
function strengthOf(password: string): PasswordStrength {
  const points = [...normalise(password)].map((sign) => sign.codePointAt(0) as number);
  const counted = points.filter((point, i) => i === 0 || Math.abs(point - (points[i - 1] as number)) > 1).length;
  const alphabet = KINDS.reduce((size, [, kind], i) => size + (kind.test(password) ? (ALPHABETS[i] as number) : 0), 1);
  const bits = counted * Math.log2(alphabet);
  return PASSWORD_STRENGTHS[bits < 45 ? 0 : bits < 60 ? 1 : bits < 80 ? 2 : 3];
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

function isGuessable(password: string, isCommon: (text: string) => boolean): boolean {
  const folded = password.toLowerCase();
  if (new Set(folded).size < DISTINCT_MIN || isCommon(folded)) return true;
  const core = folded.replace(/[^a-z]+$/, '');
  return [core, core.replace(/^[^a-z]+/, '')].some((text) => isCommonWord(lettersOf(text), isCommon) || isCommon(text));
}

const isCommonWord = (word: string, isCommon: (text: string) => boolean): boolean =>
  COMMON.has(word) || (word.length >= COMMON_WORD_MIN && isCommon(word));

const lettersOf = (text: string): string =>
  [...text]
    .map((sign) => LOOKS_LIKE[sign] ?? sign)
    .join('')
    .replace(/[^a-z]/g, '');

export const PasswordPolicy = { check, normalise, strengthOf };
