/** A bound that every id is below, so that one statement serves the first page and the others, and uses its index. */
export const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
