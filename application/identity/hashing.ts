import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { HasherBusy } from './ports.ts';

const RETRY_AFTER_SECONDS = 2;

/** Turns a hasher that has no room left into a refusal; every other failure stays one. */
export async function hashing<T>(work: Promise<T>): Promise<Result<T, IdentityErrorOf<'identity.busy'>>> {
  try {
    return ok(await work);
  } catch (error) {
    if (error instanceof HasherBusy) return err({ code: 'identity.busy', retryAfterSeconds: RETRY_AFTER_SECONDS });
    throw error;
  }
}
