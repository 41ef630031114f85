import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { Change } from '#domain/shared/change.ts';
import { invariant } from '#domain/shared/invariant.ts';

type Versioned = { readonly version: number };

/**
 * The states of several changes as rows of one statement. Such a statement knows which version it writes over from the
 * one it writes, so each change must be a single event.
 */
export function rowsOf<S extends Versioned, E, Row>(changes: readonly Change<S, E>[], toRow: (state: S) => Row): string {
  invariant(
    changes.every(({ events }) => events.length === 1),
    'each change is one event',
  );
  return JSON.stringify(changes.map(({ state }) => ({ ...toRow(state), version: state.version + 1 })));
}

/** A row that was not written had another version. */
export function allSaved(written: readonly unknown[], changes: readonly unknown[], what: string): void {
  if (written.length !== changes.length) throw new WriteConflict(`${what} moved on`);
}
