import { Foundation } from './migrations/0001-foundation.ts';
import { Identity } from './migrations/0005-identity.ts';

/** In the order they were released. What is here is never changed; what comes later is added below. */
export const MIGRATIONS = [
  { name: '0001-foundation', class: Foundation },
  { name: '0005-identity', class: Identity },
];
