/** Seeded chance (mulberry32): the same seed tells the same story. */
export type Chance = {
  /** From 0 up to 1. */
  next(): number;
  between(from: number, to: number): number;
  /** A stream of its own, which others taking from theirs do not move. */
  fork(label: string): Chance;
  text(length: number): string;
};

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    fork: (label) => chanceOf(hashOf(`${seed}:${label}`)),
    text: (length) => Array.from({ length }, () => BASE62[Math.floor(next() * BASE62.length)]).join(''),
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
