import type { Context } from 'hono';
import type { z } from 'zod';
import { Refusal } from '../machines/refusal.ts';
import { parse } from './bodies.ts';

/** The body of a request; one that is left out is an empty one. */
export async function bodyOf<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const text = await c.req.text();
  return parse(schema, text === '' ? {} : jsonOf(text));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('Invalid JSON payload', { source: 'NA', step: 'NA' });
  }
}
