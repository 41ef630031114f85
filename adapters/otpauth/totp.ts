import { Secret, TOTP } from 'otpauth';
import { toDataURL } from 'qrcode';
import type { Totp } from '#application/identity/ports.ts';

const ISSUER = 'Thali';
const SECRET_BYTES = 20;
const PERIOD_S = 30;
const WINDOW = 1;

const totp = (secret: string, label = ''): TOTP =>
  new TOTP({ issuer: ISSUER, label, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret: Secret.fromBase32(secret) });

/** RFC 6238 as every authenticator app does it: SHA-1, six digits, half a minute, one step of grace either way. */
export const otpauthTotp: Totp = {
  newSecret: () => new Secret({ size: SECRET_BYTES }).base32,
  async invitation(secret, accountName) {
    const url = totp(secret, accountName).toString();
    return { url, qrCode: await toDataURL(url, { type: 'image/png', errorCorrectionLevel: 'M', margin: 2, width: 240 }) };
  },
  stepOf(secret, code, at) {
    const delta = totp(secret).validate({ token: code, timestamp: at, window: WINDOW });
    return delta === null ? undefined : Math.floor(at / 1_000 / PERIOD_S) + delta;
  },
};
