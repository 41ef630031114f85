import type { SerializerOptions } from '@electric-sql/pglite';

/**
 * Writes bound values as node-postgres does, by what they are and not by what the statement makes of them, so that a
 * statement which works on one works on the other: a JavaScript array is an array there, never JSON.
 */
export const AS_NODE_POSTGRES: SerializerOptions = new Proxy({}, { get: () => write });

function write(value: unknown): string {
  if (typeof value === 'string') return value;
  if (ArrayBuffer.isView(value)) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function element(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return write(value);
  return `"${write(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
