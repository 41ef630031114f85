import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DeviceTokens } from '#application/identity/ports.ts';
import type { Key, KeyRing } from '../shared/key-ring.ts';

const FORMAT = /^kd1\.([\w-]{1,16})\.([0-9a-f-]{36})\.([\w-]{43})$/;

/** `kd1.<kid>.<device>.<mac>`: the MAC covers the account and its credentials, so it is good for no other and for no later ones. */
export const hmacDeviceTokens = (keys: KeyRing): DeviceTokens => ({
  issue: (account, deviceId) => tokenFor(keys.current, account, deviceId),
  read(token, account) {
    const [, kid, deviceId] = FORMAT.exec(token) ?? [];
    const key = kid === undefined ? undefined : keys.find(kid);
    if (!key || deviceId === undefined) return undefined;
    const [given, expected] = [Buffer.from(token), Buffer.from(tokenFor(key, account, deviceId))];
    return given.length === expected.length && timingSafeEqual(given, expected) ? deviceId : undefined;
  },
});

function tokenFor({ kid, bytes }: Key, { id, credentials }: Parameters<DeviceTokens['issue']>[0], deviceId: string): string {
  const mac = createHmac('sha256', bytes).update(`kd1 ${deviceId} ${id} ${credentials}`).digest('base64url');
  return `kd1.${kid}.${deviceId}.${mac}`;
}
