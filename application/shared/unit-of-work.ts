import type { Actor } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';

/**
 * Runs `work` in one transaction on behalf of `actor`, whom the events it appends will name.
 * Ok commits; Err and throw roll back. `work` may run more than once (write conflicts are retried),
 * so it must touch nothing but `tx`, and it must not wait for anything outside the database.
 */
export type UnitOfWork<Tx> = {
  run<R extends Result<unknown, unknown>>(actor: Actor, work: (tx: Tx) => Promise<R>): Promise<R>;
};

/** Another writer saved the aggregate first. Adapters throw it; `run` retries it four times before it lets it through. */
export class WriteConflict extends Error {
  override readonly name = 'WriteConflict';
}
