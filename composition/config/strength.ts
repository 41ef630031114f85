const LENGTH_MIN = 64;
const DISTINCT_MIN = 16;
const KNOWN = [
  'changeme',
  'change-me',
  'password',
  'secret',
  'example',
  'replace',
  'placeholder',
  'default',
  'insecure',
  'qwerty',
  '123456',
  'abcdef',
  'letmein',
];
const PASSWORD_MIN = 12;
const WEAK_PASSWORDS = ['postgres', 'admin', 'root', 'thali', ...KNOWN];

/** Why nobody should rely on a secret; undefined when it will do. The estimate is of its text: only chance makes a good one. */
export function weaknessOfSecret(secret: string): string | undefined {
  if (secret.length < LENGTH_MIN) return `production wants ${LENGTH_MIN} or more characters`;
  if (new Set(secret).size < DISTINCT_MIN) return `production wants ${DISTINCT_MIN} or more different characters`;
  if (KNOWN.some((word) => secret.toLowerCase().includes(word))) return 'it contains a word that everybody tries';
  if (isRepeated(secret)) return 'it repeats itself';
  return undefined;
}

/** The same for the password of a service. */
export function weaknessOfPassword(password: string): string | undefined {
  if (password.length < PASSWORD_MIN) return `production wants a password of ${PASSWORD_MIN} or more characters`;
  if (WEAK_PASSWORDS.some((word) => password.toLowerCase().replaceAll(word, '').length < PASSWORD_MIN / 2))
    return 'its password is one that everybody tries';
  return new Set(password).size < PASSWORD_MIN / 2 ? 'its password has too few different characters' : undefined;
}

/** Whether half of the text or less, written again and again, gives the rest. */
function isRepeated(text: string): boolean {
  for (let unit = 1; unit <= text.length / 2; unit++) {
    if (
      text
        .slice(0, unit)
        .repeat(Math.ceil(text.length / unit))
        .startsWith(text)
    )
      return true;
  }
  return false;
}
