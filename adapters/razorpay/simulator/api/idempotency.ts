import type { Context } from 'hono';
import { Refusal } from '../machines/refusal.ts';
import type { World } from '../world/world.ts';

type Keyed = { readonly header: string; readonly form: RegExp; readonly scope: string; readonly body: unknown };

/** Does it once per key, and answers every repetition as it answered first. */
export function once<T>(world: World, c: Context, { header, form, scope, body }: Keyed, run: () => T): T {
  const key = c.req.header(header);
  if (key === undefined) return run();
  if (!form.test(key)) throw new Refusal(`The ${header} header is invalid.`, { field: header });
  const name = `${scope} ${key}`;
  const text = JSON.stringify(body);
  const before = world.tables.answers.get(name);
  if (before && before.body !== text) {
    throw new Refusal('Different request with the same idempotency key has already been processed.', {}, world.settings.keyReuseStatus);
  }
  if (before) return before.answer as T;
  const answer = structuredClone(run());
  world.tables.answers.set(name, { body: text, answer });
  return answer;
}
