import type { JsonSchema } from '#adapters/http/openapi/json-schema.ts';
import type { Chance } from './random.ts';

/** What breaks programs that did not expect it. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  2 ** 31,
  5e-324,
  [],
  {},
  [[]],
  [null],
  { a: 1 },
  { $gt: '' },
  { toString: 'x', valueOf: 1, hasOwnProperty: null },
  "' or '1'='1",
  "'; drop table ordering.orders; --",
  '$(id)',
  '{{7*7}}',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '=1+1',
  'a\u0000b',
  '\u202egnp',
  '\ud800',
  '\ufeff',
  'x'.repeat(5_000),
  '👩‍🍳'.repeat(50),
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00Z',
  '2026-02-30T00:00:00Z',
  'Infinity',
  '-0',
  '1e9',
  '%00',
  'null',
];
const NAMES = ['__proto__', 'constructor', 'id', 'version', 'restaurantId', 'total', 'role', 'x', ''];
const DEPTH_MAX = 6;

export type Ground = {
  readonly chance: Chance;
  readonly components: Readonly<Record<string, JsonSchema>>;
  /** Ids of things that exist, so that some requests get somewhere. */
  readonly ids: readonly string[];
  /** How often a value is not what is asked for. */
  readonly mischief: number;
};

/** A value for a schema: mostly one that fits, sometimes one that does not. */
export function valueFor(schema: JsonSchema, ground: Ground, depth = 0): unknown {
  const { chance, components, mischief } = ground;
  if (chance.next() < mischief) return hostile(ground);
  if (schema.$ref !== undefined) return valueFor(components[schema.$ref.slice('#/components/schemas/'.length)] ?? {}, ground, depth);
  if ('const' in schema) return schema.const;
  if (schema.enum) return chance.pick(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return valueFor(chance.pick(choices), ground, depth);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => valueFor(part, { ...ground, mischief: 0 }, depth)));
  switch ([schema.type].flat()[0]) {
    case 'object':
      return objectFor(schema, ground, depth);
    case 'array': {
      const length = depth > DEPTH_MAX ? 0 : (schema.minItems ?? 0) + chance.int(3);
      return Array.from({ length: Math.min(length, schema.maxItems ?? length) }, () => valueFor(schema.items ?? {}, ground, depth + 1));
    }
    case 'integer':
    case 'number':
      return numberFor(schema, chance);
    case 'boolean':
      return chance.next() < 0.5;
    case 'null':
      return null;
    default:
      return textFor(schema, ground);
  }
}

export const hostile = ({ chance, ids }: Ground): unknown => (chance.next() < 0.2 ? chance.pick(ids) : chance.pick(HOSTILE));

function objectFor({ properties = {}, required = [] }: JsonSchema, ground: Ground, depth: number): Record<string, unknown> {
  const { chance, mischief } = ground;
  const made: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(properties)) {
    const isWanted = required.includes(name) ? chance.next() >= mischief / 2 : chance.next() < 0.5;
    if (isWanted && depth <= DEPTH_MAX) made[name] = valueFor(field, ground, depth + 1);
  }
  if (chance.next() < mischief / 2) Object.defineProperty(made, chance.pick(NAMES), { value: hostile(ground), enumerable: true, configurable: true });
  return made;
}

function numberFor({ type, minimum = 0, maximum = 1_000 }: JsonSchema, chance: Chance): number {
  const edges = [minimum, maximum, minimum + 1, Math.min(maximum, minimum + 3)];
  const number = chance.next() < 0.7 ? Math.min(maximum, minimum + chance.int(10)) : chance.pick(edges);
  return type === 'integer' ? Math.trunc(number) : number;
}

function textFor({ format, examples, pattern, minLength = 0, maxLength = 40 }: JsonSchema, { chance, ids }: Ground): string {
  if (format === 'uuid') return chance.pick(ids);
  if (format === 'date-time') return new Date(Date.UTC(2026, 10, 21) + chance.int(10_000_000_000)).toISOString();
  if (format === 'date') return '2026-11-21';
  if (examples?.[0] !== undefined && (pattern !== undefined || chance.next() < 0.5)) return String(examples[0]);
  const length = Math.max(minLength, Math.min(maxLength, 1 + chance.int(12)));
  return Array.from({ length }, () => chance.pick([...'abcdefgh ABC 019-_.éक']))
    .join('')
    .trim()
    .padEnd(minLength, 'a');
}
