import { Foundation } from './migrations/0001-foundation.ts';
import { Edge } from './migrations/0006-edge.ts';

/** In the order they were released. What is here is never changed; what comes later is added below. */
export const MIGRATIONS = [
  { name: '0001-foundation', class: Foundation },
  { name: '0006-edge', class: Edge },
];
