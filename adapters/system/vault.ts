import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Vault } from '#application/identity/ports.ts';
import type { KeyRing } from '../shared/key-ring.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = /^v1\.([\w-]{1,16})\.([\w-]{38,})$/;

/** `v1.<kid>.<iv, text and tag>`: AES-256-GCM, bound to its owner, so that a sealed text cannot be moved to another row. */
export const aesVault = (keys: KeyRing): Vault => ({
  seal(text, owner) {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, keys.current.bytes, iv).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${keys.current.kid}.${sealed.toString('base64url')}`;
  },
  open(sealed, owner) {
    const [, kid, body] = FORMAT.exec(sealed) ?? [];
    const key = kid === undefined ? undefined : keys.find(kid);
    if (!key || body === undefined) throw new Error('sealed with a key there is not');
    const bytes = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv(ALGORITHM, key.bytes, bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  },
});
