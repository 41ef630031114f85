import type { Limiter } from '../limits.ts';
import type { Access } from '../route.ts';
import type { JsonSchema } from './json-schema.ts';

/** OpenAPI 3.1, as far as we write it. */
export type Media = {
  readonly schema: JsonSchema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref: string }>>;
};
export type Header = { readonly description: string; readonly schema: JsonSchema; readonly example?: string };
export type Reply = {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, Media>>;
};
export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
};
export type Operation = {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description: string;
  readonly security?: readonly [];
  readonly 'x-permission': Access;
  /** What calls of it are counted as; absent where they are not counted. */
  readonly 'x-limiter'?: Limiter;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly description: string; readonly required: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Reply>>;
};
export type Callback = Pick<Operation, 'operationId' | 'tags' | 'summary' | 'description' | 'parameters' | 'requestBody' | 'responses'>;
export type ProblemExample = { readonly summary: string; readonly value: Readonly<Record<string, unknown>> };
export type OpenApi = {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly Readonly<Record<string, readonly []>>[];
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  /** What we send to others. */
  readonly webhooks: Readonly<Record<string, { readonly post: Callback }>>;
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, object>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly examples: Readonly<Record<string, ProblemExample>>;
  };
};
