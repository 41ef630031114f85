import type { PageRequest } from '#application/shared/page.ts';

/** The rows of a page and one more, by descending id, as a query with `limit + 1` would give them. */
export const newestFirst = <T>(rows: readonly T[], id: (row: T) => string, { limit, after }: PageRequest): T[] =>
  rows
    .filter((row) => after === undefined || id(row) < after)
    .sort((a, b) => (id(a) < id(b) ? 1 : -1))
    .slice(0, limit + 1);
