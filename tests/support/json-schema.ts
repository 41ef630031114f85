import type { JsonSchema } from '#adapters/http/openapi/json-schema.ts';

const FORMATS: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
};

/** What is wrong with a value, in the words of the keyword it breaks; enough of JSON Schema 2020-12 for our own documents. */
export function violations(schema: JsonSchema, value: unknown, components: Readonly<Record<string, JsonSchema>>, at = '$'): string[] {
  if (schema.$ref !== undefined) {
    const target = components[schema.$ref.replace('#/components/schemas/', '')];
    return target ? violations(target, value, components, at) : [`${at}: ${schema.$ref} is nowhere`];
  }
  const here = (part: JsonSchema): string[] => violations(part, value, components, at);
  const faults: string[] = [];
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOf(type, value)))
    faults.push(`${at}: is no ${[schema.type].flat().join(' or ')}`);
  if (schema.enum && !schema.enum.includes(value)) faults.push(`${at}: ${JSON.stringify(value)} is not in the enum`);
  if ('const' in schema && schema.const !== value) faults.push(`${at}: is not ${JSON.stringify(schema.const)}`);
  if (schema.anyOf && !schema.anyOf.some((part) => here(part).length === 0)) faults.push(`${at}: fits none of anyOf`);
  if (schema.oneOf && schema.oneOf.filter((part) => here(part).length === 0).length !== 1) faults.push(`${at}: does not fit exactly one of oneOf`);
  faults.push(...(schema.allOf ?? []).flatMap(here));
  if (typeof value === 'string') faults.push(...textFaults(schema, value, at));
  if (typeof value === 'number') faults.push(...numberFaults(schema, value, at));
  if (Array.isArray(value)) faults.push(...arrayFaults(schema, value, components, at));
  else if (typeof value === 'object' && value !== null) faults.push(...objectFaults(schema, value as Record<string, unknown>, components, at));
  return faults;
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return type === 'object' ? typeof value === 'object' && value !== null && !Array.isArray(value) : typeof value === type;
}

function textFaults({ minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format }: JsonSchema, value: string, at: string): string[] {
  const expected = format === undefined ? undefined : FORMATS[format];
  return [
    ...(value.length < minLength || value.length > maxLength ? [`${at}: has a wrong length`] : []),
    ...(pattern !== undefined && !new RegExp(pattern, 'u').test(value) ? [`${at}: does not match ${pattern}`] : []),
    ...(expected && !expected.test(value) ? [`${at}: is no ${format}`] : []),
  ];
}

function numberFaults({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema, value: number, at: string): string[] {
  const isOut =
    (minimum !== undefined && value < minimum) ||
    (maximum !== undefined && value > maximum) ||
    (exclusiveMinimum !== undefined && value <= exclusiveMinimum) ||
    (exclusiveMaximum !== undefined && value >= exclusiveMaximum);
  return isOut ? [`${at}: is out of range`] : [];
}

function arrayFaults(
  { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: JsonSchema,
  value: readonly unknown[],
  components: Readonly<Record<string, JsonSchema>>,
  at: string,
): string[] {
  return [
    ...(value.length < minItems || value.length > maxItems ? [`${at}: has a wrong number of items`] : []),
    ...(items ? value.flatMap((item, index) => violations(items, item, components, `${at}[${index}]`)) : []),
  ];
}

function objectFaults(
  { properties = {}, required = [], additionalProperties: others }: JsonSchema,
  value: Record<string, unknown>,
  components: Readonly<Record<string, JsonSchema>>,
  at: string,
): string[] {
  return [
    ...required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}: lacks ${name}`),
    ...Object.entries(value).flatMap(([name, field]) => {
      const schema = Object.hasOwn(properties, name) ? properties[name] : others;
      if (schema === false) return [`${at}: may not have ${name}`];
      return typeof schema === 'object' ? violations(schema, field, components, `${at}.${name}`) : [];
    }),
  ];
}
