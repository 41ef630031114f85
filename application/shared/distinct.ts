/** The different ones of a list. */
export const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)];
