import { type Direction, type JsonSchema, nameIn } from '../openapi/json-schema.ts';
import { type Html, html, inline } from './layout.ts';

/** Where a named schema is written out. */
export const shapeId = (name: string): string => `shape-${name}`;

/** A schema as an indented listing: each field with its type, whether it must be there, its bounds, and what is inside it. */
export function schemaListing(schema: JsonSchema, direction: Direction): Html {
  const variants = inside(schema);
  const head = variants.length === 0 || schema.type === 'array' ? html`<p class="whole">${facts(schema)}</p>` : '';
  return html`${head}${listings(variants, direction, 0)}`;
}

const listings = (variants: readonly JsonSchema[], direction: Direction, depth: number): Html[] =>
  variants.map(
    (variant, index) =>
      html`${variants.length > 1 ? html`<p class="variant">${index === 0 ? 'Either' : 'Or'}</p>` : ''}${listing(variant, direction, depth)}`,
  );

function listing({ properties = {}, required = [], additionalProperties: others }: JsonSchema, direction: Direction, depth: number): Html {
  const fields = Object.entries(properties).map(
    ([name, field]) =>
      html`<li class="field"><code class="name">${name}</code> ${presence(required.includes(name), direction)} ${contents(field, direction, depth)}</li>`,
  );
  const more = typeof others === 'object' ? html`<li class="field"><var>any name</var> ${contents(others, direction, depth)}</li>` : '';
  return html`<ul class="fields">${fields}${more}</ul>`;
}

/** Of what is sent, what must be there is worth a word; of what is answered, what may be missing. */
function presence(isRequired: boolean, direction: Direction): Html | string {
  if (direction === 'input') return isRequired ? html`<span class="must">required</span>` : '';
  return isRequired ? '' : html`<span class="place">may be absent</span>`;
}

function contents(field: JsonSchema, direction: Direction, depth: number): Html {
  const variants = inside(field);
  const isOpen = direction === 'input' && depth < 2;
  const nested =
    variants.length === 0
      ? ''
      : html`<details${isOpen ? html` open` : ''}><summary>fields</summary>${listings(variants, direction, depth + 1)}</details>`;
  return html`${facts(field)}${field.description === undefined ? '' : html`<p>${inline(field.description)}</p>`}${nested}`;
}

/** Whether there is more to show of a schema than its type. */
export const hasFields = (schema: JsonSchema): boolean => inside(schema).length > 0;

/** The objects inside a schema, through lists and choices. One with a name is written out elsewhere, once. */
function inside(schema: JsonSchema): readonly JsonSchema[] {
  if (schema.items) return inside(schema.items);
  const choices = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choices) return choices.flatMap(inside);
  return Object.keys(schema.properties ?? {}).length > 0 || typeof schema.additionalProperties === 'object' ? [schema] : [];
}

/** One line: the type, the bounds, the values it may take, and its default. */
function facts(schema: JsonSchema): Html {
  const values = valuesOf(schema);
  return html`<span class="type">${typeOf(schema)}</span>${boundsOf(schema).map((bound) => html`<span class="bound">${bound}</span>`)}${fallback(schema)}${
    values.length === 0 ? '' : html`<span class="values">${values.map((value) => html`<code>${JSON.stringify(value)}</code> `)}</span>`
  }`;
}

function fallback({ default: value }: JsonSchema): Html | string {
  if (value === undefined) return '';
  const text = JSON.stringify(value);
  return text.length > 60 ? html`<span class="bound">has a default</span>` : html`<span class="bound">default <code>${text}</code></span>`;
}

const valuesOf = (schema: JsonSchema): readonly unknown[] =>
  schema.enum ?? (schema.const === undefined ? (schema.items ? valuesOf(schema.items) : []) : [schema.const]);

const PLURALS: Readonly<Record<string, string>> = {
  object: 'objects',
  string: 'strings',
  integer: 'integers',
  number: 'numbers',
  boolean: 'booleans',
  UUID: 'UUIDs',
};
const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'UUID',
  'date-time': 'instant, RFC 3339',
  date: 'date, YYYY-MM-DD',
  email: 'e-mail address',
  uri: 'URL',
};

export function typeOf({ $ref, type, format, items, oneOf, anyOf, allOf }: JsonSchema): Html {
  if ($ref !== undefined) return html`<a href="#${shapeId(nameIn($ref))}">${nameIn($ref)}</a>`;
  if (items) return html`list of ${PLURALS[String(typeOf(items))] ?? typeOf(items)}`;
  const choices = oneOf ?? anyOf ?? allOf;
  if (choices) {
    const kinds = new Map(choices.map(typeOf).map((kind) => [String(kind), kind]));
    return html`${[...kinds.values()].map((kind, index) => [index > 0 ? ' or ' : '', kind])}`;
  }
  const names = [type ?? 'anything']
    .flat()
    .map((name) => (name !== 'string' || format === undefined ? name : (FORMATS[format] ?? `string, ${format}`)));
  return html`${names.join(' or ')}`;
}

export function boundsOf(schema: JsonSchema): string[] {
  const { minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minItems, maxItems, pattern, anyOf } = schema;
  // "or null" changes nothing about the bounds of the rest.
  const only = anyOf?.filter(({ type }) => type !== 'null');
  return [
    range(minLength, maxLength, 'characters'),
    range(minimum, maximum),
    exclusiveMinimum === undefined ? undefined : `more than ${exclusiveMinimum}`,
    exclusiveMaximum === undefined ? undefined : `less than ${exclusiveMaximum}`,
    multipleOf === undefined ? undefined : `a multiple of ${multipleOf}`,
    range(minItems, maxItems, 'items'),
    pattern === undefined ? undefined : (schema['x-pattern-in-words'] ?? `matches ${pattern}`),
    ...(only?.length === 1 ? boundsOf(only[0] as JsonSchema) : []),
  ].filter((bound) => bound !== undefined);
}

function range(least: number | undefined, most: number | undefined, unit = ''): string | undefined {
  const number = (value: number) => value.toLocaleString('en');
  const text =
    least === undefined
      ? most !== undefined && `at most ${number(most)}`
      : most === undefined
        ? `at least ${number(least)}`
        : least === most
          ? `exactly ${number(least)}`
          : `${number(least)} to ${number(most)}`;
  return text === false ? undefined : `${text} ${unit}`.trim();
}
