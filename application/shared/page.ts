/** A slice of a list, newest first. `after` is the last id of the slice before. */
export type PageRequest = { readonly limit: number; readonly after?: string };

/** `next` is what to ask for as `after`, or null at the end. */
export type Page<T> = { readonly data: readonly T[]; readonly next: string | null };

/** Makes a page of rows that were read with one row more than the limit. */
export function pageOf<Row, T>(rows: readonly Row[], limit: number, id: (row: Row) => string, view: (row: Row) => T): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data: data.map(view), next: rows.length > limit && last !== undefined ? id(last) : null };
}
