import type { JsonSchema } from '../openapi/json-schema.ts';
import type { Operation, Parameter } from '../openapi/model.ts';

/** A command that can be pasted into a shell where THALI and TOKEN are set. */
export function curlOf(method: string, path: string, { parameters, requestBody, ...operation }: Operation): string {
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => sampleOf(parameters.find((parameter) => parameter.name === name)));
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map((parameter) => `${parameter.name}=${encodeURIComponent(sampleOf(parameter))}`);
  const headers = parameters.filter((parameter) => parameter.in === 'header' && parameter.required);
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const body = media?.example;
  return [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$THALI${address}${query.length > 0 ? `?${query.join('&')}` : ''}"`,
    ...(operation.security ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...headers.map((parameter) => `-H ${quoted(`${parameter.name}: ${sampleOf(parameter)}`)}`),
    ...(body === undefined
      ? []
      : [`-H ${quoted(`Content-Type: ${type}`)}`, `--data-raw ${quoted(typeof body === 'string' ? body : JSON.stringify(body, null, 2))}`]),
  ].join(' \\\n  ');
}

/** For a POSIX shell: nothing inside single quotes means anything, but a single quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const sampleOf = (parameter: Parameter | undefined): string => String(parameter ? (sample(parameter.schema) ?? `{${parameter.name}}`) : '');

const sample = ({ examples, default: fallback, const: only, enum: values, minimum, type }: JsonSchema): unknown =>
  examples?.[0] ?? fallback ?? only ?? values?.[0] ?? (type === 'integer' || type === 'number' ? (minimum ?? 1) : undefined);
