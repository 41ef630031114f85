import { createHmac, randomBytes } from 'node:crypto';
import type { Signatures } from '#application/webhooks/ports.ts';

const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

/** Standard Webhooks 1.0: HMAC-SHA256 over id, time and body. */
export const hmacSignatures: Signatures = {
  mint: () => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`,
  sign(secret, { id, seconds, body }) {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  },
};
