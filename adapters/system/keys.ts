import { hkdfSync } from 'node:crypto';
import { type Key, type KeyRing, ringOf } from '../shared/key-ring.ts';

const KEY_BYTES = 32;
const KID_BYTES = 6;

/**
 * Derives (HKDF, RFC 5869) a key and its public name from each secret, the current one first. A text may hold several as
 * they are configured, `new,old`. Keys of different labels tell nothing of each other.
 */
export function deriveKeys(secrets: readonly [string, ...string[]], label: string): KeyRing {
  const each = secrets.flatMap((text) => text.split(','));
  const [current, ...older] = each.map((secret) => deriveKey(secret, label)) as [Key, ...Key[]];
  return ringOf(current, ...older);
}

function deriveKey(secret: string, label: string): Key {
  const derive = (info: string, bytes: number) => new Uint8Array(hkdfSync('sha256', secret, '', `thali/${info}`, bytes));
  return { kid: Buffer.from(derive(`${label}/kid`, KID_BYTES)).toString('base64url'), bytes: derive(label, KEY_BYTES) };
}
