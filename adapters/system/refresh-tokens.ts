import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RefreshTokens } from '#application/identity/ports.ts';
import type { Key, KeyRing } from '../shared/key-ring.ts';

const FORMAT = /^rt1\.([\w-]{1,16})\.([\w-]{22})\.(0|[1-9]\d{0,8})\.[\w-]{43}$/;
const SALT_BYTES = 32;

/**
 * `rt1.<kid>.<session>.<n>.<mac>`: the MAC is keyed by our key and the session's own salt together, so neither a stolen
 * database nor a stolen key makes a token, and the token for a number is always the same text.
 */
export const hmacRefreshTokens = (keys: KeyRing): RefreshTokens => ({
  newSalt: () => randomBytes(SALT_BYTES).toString('base64url'),
  issue: ({ id, salt, rotation }) => tokenFor(keys.current, id, salt, rotation),
  read(token) {
    const [, , session, rotation] = FORMAT.exec(token) ?? [];
    return session === undefined ? undefined : { sessionId: uuidOf(session), rotation: Number(rotation) };
  },
  isGenuine(token, { id, salt }) {
    const [, kid, , rotation] = FORMAT.exec(token) ?? [];
    const key = kid === undefined ? undefined : keys.find(kid);
    if (!key) return false;
    // The whole text is compared, so that nothing but the one spelling we issued is taken.
    const [given, expected] = [Buffer.from(token), Buffer.from(tokenFor(key, id, salt, Number(rotation)))];
    return given.length === expected.length && timingSafeEqual(given, expected);
  },
});

function tokenFor({ kid, bytes }: Key, sessionId: string, salt: string, rotation: number): string {
  const session = Buffer.from(sessionId.replaceAll('-', ''), 'hex').toString('base64url');
  const claim = `rt1.${kid}.${session}.${rotation}`;
  const key = new Uint8Array(hkdfSync('sha256', bytes, Buffer.from(salt, 'base64url'), sessionId, 32));
  return `${claim}.${createHmac('sha256', key).update(claim).digest('base64url')}`;
}

function uuidOf(base64url: string): string {
  const hex = Buffer.from(base64url, 'base64url').toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
