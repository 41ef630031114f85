import { createECDH } from 'node:crypto';
import webpush from 'web-push';
import type { Push, Rung } from '#application/notifications/inbox/ports.ts';

/** Posts to addresses that strangers chose, and to none that they should not reach. */
export type Poster = {
  /** What is wrong with an address, if anything is. */
  faultOf(url: string): Promise<string | undefined>;
  post(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  }): Promise<{ readonly statusCode: number | null; readonly fault: string | null }>;
};

export type PushOptions = {
  readonly poster: Poster;
  /** 32 bytes that stay the same: browsers subscribe to the key that is made of them. */
  readonly secret: Uint8Array;
  /** Whom a push service may write to: an https or mailto address. */
  readonly contact: string;
};

/** Web Push: encrypted for one browser (RFC 8291), signed as ours (VAPID, RFC 8292), left with whatever service the browser chose. */
export function webPush({ poster, secret, contact }: PushOptions): Push {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(secret);
  const vapidDetails = { subject: contact, publicKey: ecdh.getPublicKey('base64url'), privateKey: Buffer.from(secret).toString('base64url') };
  return {
    publicKey: vapidDetails.publicKey,
    isAllowed: async (endpoint) => (await poster.faultOf(endpoint)) === undefined,
    async send({ address: { endpoint, p256dh, auth }, payload, ttlSeconds, isUrgent }) {
      const details = detailsOf(() =>
        webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
          vapidDetails,
          TTL: ttlSeconds,
          urgency: isUrgent ? 'high' : 'normal',
          contentEncoding: 'aes128gcm',
        }),
      );
      if (!details) return { outcome: 'gone' }; // With such keys nobody could ever read it.
      const { statusCode, fault } = await poster.post({ url: endpoint, headers: headersOf(details.headers), body: details.body ?? Buffer.alloc(0) });
      return rungOf(statusCode, fault);
    },
  };
}

type Details = ReturnType<typeof webpush.generateRequestDetails>;
function detailsOf(make: () => Details): Details | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

const headersOf = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (name.toLowerCase() === 'content-length' ? [] : [[name, String(value)]])));

/** RFC 8030: 201 it has it; 404 and 410 the browser is gone; 413 it was too much; 429 and 5xx it may pass. */
function rungOf(statusCode: number | null, fault: string | null): Rung {
  if (statusCode === null) return { outcome: 'refused', reason: `no answer (${fault ?? 'unknown'})`, isPermanent: fault === 'blocked' };
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'sent' };
  if (statusCode === 404 || statusCode === 410) return { outcome: 'gone' };
  return { outcome: 'refused', reason: `answered ${statusCode}`, isPermanent: statusCode < 500 && statusCode !== 429 && statusCode !== 408 };
}
