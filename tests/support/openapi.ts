import type { JsonSchema } from '#adapters/http/openapi/json-schema.ts';
import type { Media, OpenApi, Operation } from '#adapters/http/openapi/model.ts';
import { violations } from './json-schema.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/** Everything that makes a document no valid OpenAPI 3.1, or one of its examples a lie. */
export function faultsIn(document: OpenApi): string[] {
  const { paths, components, tags } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.values(methods).map((operation) => ({ path, operation })));
  const ids = operations.map(({ operation }) => operation.operationId);
  return [
    ...refsIn(document)
      .filter((ref) => !resolves(document, ref))
      .map((ref) => `${ref} is nowhere`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} stands twice`),
    ...Object.keys({ ...components.schemas, ...components.examples })
      .filter((name) => !/^[\w.-]+$/.test(name))
      .map((name) => `${name} is no component name`),
    ...Object.entries(components.schemas).flatMap(([name, schema]) => schemaFaults(schema, name)),
    ...operations.flatMap(({ path, operation }) => operationFaults(path, operation, document).map((fault) => `${operation.operationId}: ${fault}`)),
    ...operations
      .filter(({ operation }) => !tags.some(({ name }) => name === operation.tags[0]))
      .map(({ operation }) => `${operation.tags[0]} is no tag`),
    ...Object.entries(components.examples).flatMap(([code, { value }]) =>
      violations({ $ref: '#/components/schemas/Problem' }, value, components.schemas, code),
    ),
  ];
}

function operationFaults(
  path: string,
  { summary, description, parameters, requestBody, responses }: Operation,
  { components, security }: OpenApi,
): string[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const declared = parameters.filter((parameter) => parameter.in === 'path');
  const places = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
  const contents = [requestBody?.content ?? {}, ...Object.values(responses).map(({ content }) => content ?? {})].flatMap((content) =>
    Object.entries(content),
  );
  return [
    ...(inPath.toSorted().join() ===
    declared
      .map(({ name }) => name)
      .toSorted()
      .join()
      ? []
      : ['declares other path parameters than its path has']),
    ...(declared.every(({ required }) => required) ? [] : ['has an optional path parameter']),
    ...(new Set(places).size === places.length ? [] : ['declares a parameter twice']),
    ...(summary.length > 0 && description.length > 0 && security.length > 0 ? [] : ['is not described']),
    ...(Object.keys(responses).some((status) => /^[23]\d\d$/.test(status)) ? [] : ['never succeeds']),
    ...Object.keys(responses)
      .filter((status) => !/^[2-5]\d\d$/.test(status))
      .map((status) => `${status} is no status`),
    ...Object.values(responses).flatMap(({ description: text }) => (text.length > 0 ? [] : ['has an answer without description'])),
    ...parameters.flatMap(({ name, schema }) => [
      ...schemaFaults(schema, name),
      ...(schema.examples ?? []).flatMap((example) => violations(schema, example, components.schemas, name)),
    ]),
    ...contents.flatMap(([type, media]) => mediaFaults(type, media, components.schemas)),
  ];
}

function mediaFaults(type: string, { schema, example, examples }: Media, components: OpenApi['components']['schemas']): string[] {
  return [
    ...schemaFaults(schema, type),
    ...(example === undefined && examples === undefined ? [`${type} has no example`] : []),
    ...(example === undefined ? [] : violations(schema, example, components, type)),
  ];
}

/** A schema that allows anything says nothing: zod could not tell what a transform makes. */
function schemaFaults(schema: JsonSchema, at: string): string[] {
  const { $ref, type, enum: values, anyOf, oneOf, allOf, items, properties = {}, required = [], additionalProperties } = schema;
  const choices = anyOf ?? oneOf ?? allOf;
  return [
    ...($ref === undefined && type === undefined && values === undefined && choices === undefined && !('const' in schema)
      ? [`${at} says nothing`]
      : []),
    ...[type ?? []]
      .flat()
      .filter((name) => !TYPES.includes(name))
      .map((name) => `${at}: ${name} is no type`),
    ...required.filter((name) => !(name in properties)).map((name) => `${at}: requires ${name}, which it does not describe`),
    ...(choices ?? []).flatMap((choice, index) => schemaFaults(choice, `${at}|${index}`)),
    ...(items ? schemaFaults(items, `${at}[]`) : []),
    ...(typeof additionalProperties === 'object' ? schemaFaults(additionalProperties, `${at}.*`) : []),
    ...Object.entries(properties).flatMap(([name, field]) => schemaFaults(field, `${at}.${name}`)),
  ];
}

const refsIn = (part: unknown): string[] =>
  typeof part !== 'object' || part === null
    ? []
    : Object.entries(part).flatMap(([key, value]) =>
        key === '$ref' && typeof value === 'string' ? [value] : key === 'value' || key === 'example' ? [] : refsIn(value),
      );

const resolves = (document: OpenApi, ref: string): boolean =>
  ref.startsWith('#/') &&
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], document) !== undefined;
