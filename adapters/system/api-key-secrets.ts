import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKeySecrets } from '#application/identity/api-key-ports.ts';
import type { Key, KeyRing } from '../shared/key-ring.ts';

const FORMAT = /^thali_live_([\w-]{22})_[\w-]{43}$/;
const SECRET_BYTES = 32;

/**
 * `thali_live_<key>_<secret>`: the beginning is there for scanners of leaked secrets and for people, the key's id to find it
 * by. Kept is a keyed digest of the whole text beside the name of the key it was made with; a random secret needs nothing slower.
 */
export const hmacApiKeySecrets = (keys: KeyRing): ApiKeySecrets => ({
  make(apiKeyId) {
    const id = Buffer.from(apiKeyId.replaceAll('-', ''), 'hex').toString('base64url');
    const token = `thali_live_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    return { token, secretHash: digest(keys.current, token) };
  },
  read(token) {
    const [, id] = FORMAT.exec(token) ?? [];
    if (id === undefined) return undefined;
    const hex = Buffer.from(id, 'base64url').toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  },
  isGenuine(token, secretHash) {
    const key = keys.find(secretHash.split('.', 1)[0] as string);
    if (!key) return false;
    const [given, kept] = [Buffer.from(digest(key, token)), Buffer.from(secretHash)];
    return given.length === kept.length && timingSafeEqual(given, kept);
  },
});

const digest = ({ kid, bytes }: Key, token: string): string => `${kid}.${createHmac('sha256', bytes).update(token).digest('base64url')}`;
