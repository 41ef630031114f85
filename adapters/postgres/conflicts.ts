import { OptimisticLockError } from '@mikro-orm/core';

/** serialization_failure, deadlock_detected, lock_not_available. */
const CONFLICT_STATES = new Set(['40001', '40P01', '55P03']);
const UNIQUE_VIOLATION = '23505';

type DatabaseError = { readonly code?: string; readonly constraint?: string; readonly constraint_name?: string; readonly cause?: unknown };

/** Another transaction got there first; trying again may succeed. Two writers of one stream meet in its unique version. */
export const isWriteConflict = (error: unknown): boolean =>
  error instanceof OptimisticLockError || CONFLICT_STATES.has(codeOf(error) ?? '') || violates(error, 'events_stream_version');

/** Whether the database refused the write because of this unique constraint. */
export function violates(error: unknown, constraint: string): boolean {
  const { code, constraint: name, cause } = (error ?? {}) as DatabaseError;
  if (code === UNIQUE_VIOLATION) return (name ?? String((error as Error).message)).includes(constraint);
  return cause !== undefined && violates(cause, constraint);
}

function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as DatabaseError;
  return code ?? (cause === undefined ? undefined : codeOf(cause));
}
