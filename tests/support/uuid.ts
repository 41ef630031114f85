import { randomBytes } from 'node:crypto';

/** A UUIDv7 of an instant. */
export function uuidV7(at: number): string {
  const hex = `${at.toString(16).padStart(12, '0')}7${randomBytes(2).toString('hex').slice(1)}8${randomBytes(8).toString('hex').slice(1)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
