import { createECDH, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { jwtVerify } from 'jose';
import type { Poster } from '#adapters/web-push/push.ts';

type HttpEce = { decrypt(body: Buffer, options: object): Buffer };
const ece = createRequire(createRequire(import.meta.url).resolve('web-push'))('http_ece') as HttpEce;

/** A push service with its browsers: opens what it is left with as the browser would, and knows who signed it. */
export class PushService implements Poster {
  readonly origin: string;
  readonly #browsers = new Map<string, { readonly ecdh: ReturnType<typeof createECDH>; readonly auth: Buffer }>();
  readonly received: { readonly browser: string; readonly text: string; readonly ttl: number; readonly urgency: string }[] = [];
  readonly #answers: number[] = [];
  applicationServerKey = '';

  constructor(origin = 'https://push.example.com') {
    this.origin = origin;
  }

  /** What a browser's subscription says of itself. */
  subscribe(): { readonly endpoint: string; readonly keys: { readonly p256dh: string; readonly auth: string } } {
    const [name, auth] = [randomBytes(8).toString('hex'), randomBytes(16)];
    const ecdh = createECDH('prime256v1');
    const p256dh = ecdh.generateKeys('base64url');
    const endpoint = `${this.origin}/send/${name}`;
    this.#browsers.set(endpoint, { ecdh, auth });
    return { endpoint, keys: { p256dh, auth: auth.toString('base64url') } };
  }

  /** The browser has unsubscribed, or was thrown away. */
  forget = (endpoint: string): void => void this.#browsers.delete(endpoint);
  /** Answers the next requests so. */
  answerNext = (...statuses: number[]): void => void this.#answers.push(...statuses);

  faultOf = async (url: string): Promise<string | undefined> => (url.startsWith(`${this.origin}/`) ? undefined : 'not_public');

  async post({ url, headers, body }: Parameters<Poster['post']>[0]): Promise<{ statusCode: number | null; fault: string | null }> {
    const answer = this.#answers.shift();
    if (answer !== undefined) return answer === 0 ? { statusCode: null, fault: 'timeout' } : { statusCode: answer, fault: null };
    const browser = this.#browsers.get(url);
    if (!browser) return { statusCode: 410, fault: null };
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    if (!(await this.#isSigned(given['authorization'] ?? ''))) return { statusCode: 403, fault: null };
    if (given['content-encoding'] !== 'aes128gcm') return { statusCode: 400, fault: null };
    if (body.length > 4_096) return { statusCode: 413, fault: null };
    const text = ece.decrypt(Buffer.from(body), { version: 'aes128gcm', privateKey: browser.ecdh, authSecret: browser.auth.toString('base64url') });
    this.received.push({ browser: url, text: text.toString('utf8'), ttl: Number(given['ttl']), urgency: given['urgency'] ?? 'normal' });
    return { statusCode: 201, fault: null };
  }

  /** RFC 8292: a token for this service, signed with the key that browsers subscribed to. */
  async #isSigned(authorization: string): Promise<boolean> {
    const [, token, key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization) ?? [];
    if (token === undefined || key === undefined || (this.applicationServerKey !== '' && key !== this.applicationServerKey)) return false;
    const raw = Buffer.from(key, 'base64url');
    const jwk = { kty: 'EC', crv: 'P-256', x: raw.subarray(1, 33).toString('base64url'), y: raw.subarray(33).toString('base64url') };
    const verified = await jwtVerify(token, jwk, { algorithms: ['ES256'], audience: this.origin }).catch(() => undefined);
    return /^(mailto:|https:)/.test(String(verified?.payload.sub));
  }
}
