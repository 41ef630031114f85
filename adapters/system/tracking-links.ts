import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TrackingLinks } from '#application/realtime/ports.ts';
import type { Key, KeyRing } from '../shared/key-ring.ts';

const MAC_BYTES = 18;
const TOKEN = /^trk_([0-9a-z]{1,11})_([0-9a-f]{32})_([\w-]{24})$/;

/** `trk_<expiry>_<order>_<signature>`: short enough for a mail, and good for nothing but that order. */
export const hmacTrackingLinks = (keys: KeyRing): TrackingLinks => ({
  issue(orderId, expiresAt) {
    const claim = `${expiresAt.toString(36)}_${orderId.replaceAll('-', '')}`;
    return `trk_${claim}_${macOf(keys.current, claim).toString('base64url')}`;
  },
  read(token) {
    const [, expiry = '', order = '', mac = ''] = TOKEN.exec(token) ?? [];
    const given = Buffer.from(mac, 'base64url');
    const isOurs = given.length === MAC_BYTES && keys.all.some((key) => timingSafeEqual(given, macOf(key, `${expiry}_${order}`)));
    return isOurs
      ? { orderId: order.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), expiresAt: Number.parseInt(expiry, 36) }
      : undefined;
  },
});

const macOf = ({ bytes }: Key, claim: string): Buffer => createHmac('sha256', bytes).update(claim).digest().subarray(0, MAC_BYTES);
