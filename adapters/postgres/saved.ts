import { WriteConflict } from '#application/shared/unit-of-work.ts';

/** A versioned write that met no row met another version. */
export function saved(written: readonly unknown[], what: string): void {
  if (written.length === 0) throw new WriteConflict(`${what} moved on`);
}
