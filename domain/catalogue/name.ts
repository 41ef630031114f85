export const NAME_MAX = 120;
export const POSITION_MAX = 100_000;

/** One line that people can read, as it stands: not blank, not padded, no control characters. */
export const isName = (name: string): boolean => name.length > 0 && name.length <= NAME_MAX && name === name.trim() && !/\p{Cc}/u.test(name);

/** Where something stands among its like: lower goes first. */
export const isPosition = (position: number): boolean => Number.isSafeInteger(position) && position >= 0 && position <= POSITION_MAX;

/** The place after the last one; null when there is none yet. */
export const positionAfter = (last: number | null): number => (last === null ? 0 : Math.min(last + 1, POSITION_MAX));

/** Names that people would take for one another have the same key. */
export const nameKey = (name: string): string => name.normalize('NFKC').replaceAll(/\s+/gu, ' ').trim().toLowerCase();

/** By position, and among equals the older one first. */
export const inOrder = <T extends { readonly position: number; readonly id: string }>(a: T, b: T): number =>
  a.position - b.position || (a.id < b.id ? -1 : 1);
