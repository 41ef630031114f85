import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { OneTimeSecrets } from '#application/identity/ports.ts';
import type { TokenPurpose } from '#domain/identity/one-time-token.ts';
import type { KeyRing } from '../shared/key-ring.ts';

const SELECTOR_BYTES = 16;
const VERIFIER_BYTES = 32;
const BACKUP_CODE_LENGTH = 10;
/** Crockford's base 32: no letter that looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

type Purpose = TokenPurpose | 'invitation';

/** So that a text is taken for nothing but what it was made for. */
const PREFIX: Readonly<Record<Purpose, string>> = {
  verify_email: 've',
  change_email: 'ce',
  undo_email: 'ue',
  reset_password: 'pr',
  second_factor: 'sf',
  invitation: 'in',
};
const FORMAT = /^([a-z]{2})_([\w-]{22})\.([\w-]{43})$/;

/** `<purpose>_<selector>.<verifier>`, both of chance: 128 bits to find it, 256 to prove it. */
export const oneTimeSecrets = ({ current }: KeyRing) =>
  ({
    mint(purpose: Purpose) {
      const selector = randomBytes(SELECTOR_BYTES).toString('base64url');
      const verifier = randomBytes(VERIFIER_BYTES).toString('base64url');
      return { selector, verifier, text: `${PREFIX[purpose]}_${selector}.${verifier}` };
    },
    read(text: string, purpose: Purpose) {
      const [, prefix, selector, verifier] = FORMAT.exec(text) ?? [];
      return prefix === PREFIX[purpose] && selector !== undefined && verifier !== undefined ? { selector, verifier } : undefined;
    },
    digest: (verifier: string) => hash('sha256', verifier, 'base64url'),
    matches(verifier: string, digest: string) {
      const [given, kept] = [Buffer.from(hash('sha256', verifier, 'base64url')), Buffer.from(digest)];
      return given.length === kept.length && timingSafeEqual(given, kept);
    },
    fingerprint: (...texts: readonly string[]) => createHmac('sha256', current.bytes).update(JSON.stringify(texts)).digest('base64url'),
    backupCodes: (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        slot: String(i + 1).padStart(2, '0'),
        code: Array.from(randomBytes(BACKUP_CODE_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join(''),
      })),
  }) satisfies OneTimeSecrets;
