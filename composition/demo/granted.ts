import { system } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import type { Result } from '#domain/shared/result.ts';

/** Who sets the demo up, and nobody else: by this the demo knows its own work. */
export const DEMO = system('demo');

/** What a use case answered the demo. A refusal is a mistake in the demo's own data. */
export function granted<T>(result: Result<T, { readonly code: string }>): T {
  invariant(result.ok, `the demo was refused: ${result.ok ? '' : JSON.stringify(result.error)}`);
  return result.value;
}

/** More than the demo has of anything. */
export const EVERYTHING = { limit: 1_000 };
