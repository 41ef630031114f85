import { randomBytes } from 'node:crypto';
import type { Ids } from '#application/shared/ports.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** UUIDv7 (RFC 9562): milliseconds, a counter that keeps ids of one process in order, and chance. */
export function uuidv7(now: () => number = Date.now): Ids {
  let last = 0;
  let counter = 0;
  let pool = Buffer.alloc(0);
  let used = 0;
  const chance = (): Buffer => {
    if (used + 8 > pool.length) [pool, used] = [randomBytes(4096), 0];
    used += 8;
    return pool.subarray(used - 8, used);
  };
  return {
    next() {
      const at = Math.max(now(), last);
      const random = chance();
      if (at > last) counter = ((random[0] as number) << 3) & 0x7ff;
      else counter = (counter + 1) & 0xfff;
      last = counter === 0xfff ? at + 1 : at;
      if (counter === 0xfff) counter = 0;
      const byte = (value: number): string => HEX[value & 0xff] as string;
      const time = at.toString(16).padStart(12, '0');
      const rest = `${byte(((random[1] as number) & 0x3f) | 0x80)}${byte(random[2] as number)}-${[3, 4, 5, 6, 7].map((i) => byte(random[i] as number)).join('')}${byte(random[0] as number)}`;
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${rest}`;
    },
  };
}
