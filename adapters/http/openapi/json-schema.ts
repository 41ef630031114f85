import { z } from 'zod';

/** JSON Schema 2020-12, as far as zod writes it and our pages read it. */
export type JsonSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  /** What the pattern's author says of it: `HH:MM`. */
  readonly 'x-pattern-in-words'?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
};

export type Direction = 'input' | 'output';

const PREFIX = '#/components/schemas/';
const DEFS = '#/$defs/';

export const refTo = (name: string): JsonSchema => ({ $ref: `${PREFIX}${name}` });
export const nameIn = ($ref: string): string => $ref.slice(PREFIX.length);

/**
 * Writes zod schemas as JSON Schema. What has a name, by `.meta({ id })` or in `names`, is written once, among the
 * components; where its input and its output differ, the second to come is called <name>Input or <name>Output.
 */
export function schemaWriter(names: ReadonlyMap<z.core.$ZodType, string>) {
  const components: Record<string, JsonSchema> = {};
  const metadata = {
    get(schema: z.core.$ZodType) {
      const meta = z.globalRegistry.get(schema);
      const id = meta?.id ?? names.get(schema);
      return id === undefined ? meta : { ...meta, id };
    },
  } as typeof z.globalRegistry;

  function write(schema: z.ZodType, io: Direction): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, { io, metadata, unrepresentable: 'any', override: tidy }) as JsonSchema & {
      readonly $schema?: string;
      readonly $defs?: Readonly<Record<string, JsonSchema>>;
    };
    const finalNames = new Map<string, string>();
    const relink = (part: unknown): unknown => {
      if (Array.isArray(part)) return part.map(relink);
      if (typeof part !== 'object' || part === null) return part;
      return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, key === '$ref' ? PREFIX + keep(value as string) : relink(value)]));
    };
    const keep = ($ref: string): string => {
      const id = $ref.slice(DEFS.length);
      const definition = $defs[id];
      if (!$ref.startsWith(DEFS) || !definition || id.startsWith('__')) throw new Error(`a schema that contains itself needs a name: .meta({ id })`);
      const known = finalNames.get(id);
      if (known !== undefined) return known;
      finalNames.set(id, id); // While it is being written it may meet itself.
      const written = relink(definition) as JsonSchema;
      const name = [id, `${id}${io === 'input' ? 'Input' : 'Output'}`].find((candidate) => isFree(candidate, written));
      if (name === undefined) throw new Error(`two different schemas are called ${id}`);
      finalNames.set(id, name);
      components[name] = name === id ? written : (relink(definition) as JsonSchema);
      return name;
    };
    return relink(root) as JsonSchema;
  }
  const isFree = (name: string, written: JsonSchema): boolean =>
    components[name] === undefined || JSON.stringify(components[name]) === JSON.stringify(written);

  return { components, write };
}

type Loose = { -readonly [Key in keyof JsonSchema]: JsonSchema[Key] } & { example?: unknown };

/** Makes zod's output read as a person would write it, without changing what it allows. */
function tidy({ zodSchema, jsonSchema }: { readonly zodSchema: z.core.$ZodTypes; readonly jsonSchema: object }): void {
  const schema = jsonSchema as Loose;
  // An answer may grow; only what was declared strict stays closed.
  if (schema.additionalProperties === false && zodSchema._zod.def.type === 'object' && !zodSchema._zod.def.catchall)
    delete schema.additionalProperties;
  if (zodSchema._zod.def.type === 'catch') delete schema.default; // What a bad value is read as is no default.
  if (schema.format !== undefined) delete schema.pattern; // The format says the same in one word.
  const words = schema.pattern === undefined ? undefined : patternInWords(zodSchema);
  if (words !== undefined) schema['x-pattern-in-words'] = words;
  if (schema.type === 'integer') {
    if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
    if (schema.maximum === Number.MAX_SAFE_INTEGER) {
      delete schema.maximum;
      schema.format = 'int64';
    }
  }
  if (schema.anyOf?.every((option) => Object.keys(option).every((key) => key === 'type' || key === 'const') && 'const' in option)) {
    schema.enum = schema.anyOf.map((option) => option.const);
    const types = new Set(schema.anyOf.map(({ type }) => type));
    if (types.size === 1) schema.type = schema.anyOf[0]?.type as string;
    delete schema.anyOf;
  }
  if ('example' in schema) {
    schema.examples ??= [schema.example];
    delete schema.example;
  }
}

/** The message that was given with a `.regex()`, when it is a plain text. */
function patternInWords({ _zod: { def } }: z.core.$ZodTypes): string | undefined {
  const checks = (def.checks ?? []).map((check): object => check._zod.def) as readonly {
    readonly format?: string;
    readonly error?: (issue: object) => unknown;
  }[];
  const message = checks.find(({ format }) => format === 'regex')?.error?.({});
  return typeof message === 'string' ? message : undefined;
}
