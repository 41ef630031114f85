/** Members that are named like a secret, or like something of a person's that is nobody's business. */
const SECRET = /pass(?:word|wd|phrase)|secret|token|authori[sz]ation|cookie|api-?_?key|private-?_?key|otp|^pin$|cvv|card-?_?number|credential/i;
const CENSORED = '[secret]';
const DEPTH_MAX = 6;

/** The same facts without their secrets, at any depth; the very same object when there are none. */
export function scrubbed<T>(value: T, depth = 0): T {
  if (typeof value !== 'object' || value === null || value instanceof Error || depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => scrubbed(item, depth + 1));
    return items.some((item, i) => item !== value[i]) ? (items as T) : value;
  }
  let clean: Record<string, unknown> | undefined;
  for (const [name, member] of Object.entries(value)) {
    const told = SECRET.test(name) && member !== undefined && member !== null ? CENSORED : scrubbed(member as unknown, depth + 1);
    if (told === member) continue;
    clean ??= { ...(value as Record<string, unknown>) };
    clean[name] = told;
  }
  return (clean ?? value) as T;
}

type Patterns = readonly (readonly [RegExp, string])[];
const OPENS_SOMETHING: Patterns = [
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, '$1:[secret]@'], // a password in an address
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [secret]'],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[secret]'], // a signed token
];
const OF_SOMEBODY: Patterns = [
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[address]'],
  [/\+?\d[\d ()-]{8,}\d/g, '[number]'], // telephones and cards
];
const without = (patterns: Patterns) => (text: string) => patterns.reduce((words, [pattern, instead]) => words.replaceAll(pattern, instead), text);

/** Words without what opens something. */
export const withoutSecrets = without(OPENS_SOMETHING);
/** Words for people elsewhere: without whom to write to or call, too. */
export const scrubbedText = without([...OPENS_SOMETHING, ...OF_SOMEBODY]);
