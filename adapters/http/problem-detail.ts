import type { Problem } from './problem.ts';

const FALLBACK = 'The detail of the answer says what to do.';
/** An instant that no text means: a date rendered from a placeholder is found again by it. */
const LANDMARK = Date.UTC(2100, 0, 1);
const LANDMARKS = /2100-01-01T00:(\d\d):(\d\d)(?:\.\d+)?Z/g;

/**
 * What a problem can tell people to do, with `<fact>` for what each answer fills in: first with every fact there, then
 * what it says instead when one of them is absent or false.
 */
export function detailsOf({ detail }: Pick<Problem<never>, 'detail'>): readonly string[] {
  if (typeof detail === 'string') return [detail];
  const tell = detail as (facts: unknown) => unknown;
  const asked = new Set<string>();
  const main = attempt(tell, asked, {}) ?? FALLBACK;
  const others = [...asked].flatMap((name) => [undefined, Number.NaN].map((absent) => attempt(tell, new Set(), { [name]: absent })));
  return [
    ...new Set([main.replaceAll('NaN', '…'), ...others.filter((text) => text !== undefined && !/\b(?:undefined|NaN)\b/.test(text))]),
  ] as string[];
}

function attempt(tell: (facts: unknown) => unknown, asked: Set<string>, given: Readonly<Record<string, unknown>>): string | undefined {
  for (const numbers of ['as text', 'as instants'] as const) {
    const names: string[] = [];
    const facts = new Proxy(
      {},
      {
        get(_, key) {
          if (typeof key === 'symbol') return undefined;
          asked.add(key);
          return key in given ? given[key] : placeholder(key, key, names, numbers === 'as instants');
        },
      },
    );
    try {
      const text = String(tell(facts));
      return text.replaceAll(LANDMARKS, (_, minutes: string, seconds: string) => `<${names[Number(minutes) * 60 + Number(seconds)]}>`);
    } catch {
      // A fact was used as something it does not stand for; a date is the likely one, so it is tried next.
    }
  }
  return undefined;
}

/** Stands for any value: reads as `<name>`, and gives itself or a part of itself to whatever is asked of it. */
function placeholder(name: string, owner: string, names: string[], isInstant: boolean): unknown {
  const inner = (key: string, of = name) => placeholder(key, of, names, isInstant);
  return new Proxy(() => undefined, {
    get(_, key) {
      if (key === Symbol.toPrimitive)
        return (hint: string) =>
          isInstant && hint !== 'string' ? LANDMARK + (names.push(name) - 1) * 1_000 : hint === 'number' ? Number.NaN : `<${name}>`;
      if (key === Symbol.iterator) return () => [inner(name)].values();
      if (typeof key === 'symbol') return undefined;
      if (key === 'length' || key === 'size') return 1;
      if (key === 'map' || key === 'flatMap') return (write: (item: unknown, index: unknown) => unknown) => [write(inner(name), inner('index'))];
      return inner(key);
    },
    apply: () => inner(owner),
  });
}
