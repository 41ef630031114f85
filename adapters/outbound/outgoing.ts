import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Answer, Outgoing, OutgoingRequest } from '#application/webhooks/ports.ts';
import { answered, faultOfError } from './answers.ts';
import { dnsResolve, type Resolve, type Resolved } from './resolve.ts';
import { faultOfAddresses, readTarget, type Target, type TargetPolicy } from './targets.ts';

export type OutgoingOptions = TargetPolicy & {
  readonly resolve?: Resolve;
  /** For everything: the name, the connection, and what is answered. */
  readonly timeoutMs?: number;
  /** Whom to trust besides those whom everybody trusts. */
  readonly ca?: string;
};

const TIMEOUT_MS = 15_000;
const RESOLVE_MS = 3_000;

/**
 * Posts to addresses that strangers chose. A name is looked up once, every address of it must be public, and the
 * connection goes to what was looked at: a name that means something else a moment later is not asked again. Redirects
 * are answers like any other, and are not followed.
 */
export function outgoing({ resolve = dnsResolve(), timeoutMs = TIMEOUT_MS, ca, ...policy }: OutgoingOptions): Outgoing {
  /** None when the name leads nowhere, or nobody says in time where. */
  async function addressesOf({ host, known }: Target, signal: AbortSignal): Promise<readonly Resolved[]> {
    if (known) return known;
    const late = new Promise<readonly Resolved[]>((found) => signal.addEventListener('abort', () => found([]), { once: true }));
    return Promise.race([resolve(host).catch(() => []), late]);
  }

  return {
    async faultOf(url) {
      const target = readTarget(url, policy);
      if (typeof target === 'string') return target;
      return faultOfAddresses(target, await addressesOf(target, AbortSignal.timeout(RESOLVE_MS)), policy);
    },

    async post(sent) {
      const started = performance.now();
      const none = { statusCode: null, fault: null, excerpt: '', retryAfterMs: null };
      const done = (facts: Partial<Answer>): Answer => ({ ...none, ...facts, durationMs: Math.round(performance.now() - started) });
      const target = readTarget(sent.url, policy);
      if (typeof target === 'string') return done({ fault: 'blocked' });

      const signal = AbortSignal.timeout(timeoutMs);
      const addresses = await addressesOf(target, signal);
      if (addresses.length === 0) return done({ fault: signal.aborted ? 'timeout' : 'dns' });
      if (faultOfAddresses(target, addresses, policy)) return done({ fault: 'blocked' });
      try {
        return done(await answered(send(target, addresses, sent, signal)));
      } catch (error) {
        return done({ fault: signal.aborted ? 'timeout' : faultOfError(error) });
      }
    },
  };

  function send({ url, host, port }: Target, addresses: readonly Resolved[], { headers, body }: OutgoingRequest, signal: AbortSignal) {
    const options = {
      method: 'POST',
      host,
      port,
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host, 'accept-encoding': 'identity', 'content-length': Buffer.byteLength(body), connection: 'close' },
      agent: false as const,
      signal,
      lookup: pinnedTo(addresses),
    };
    const request = url.protocol === 'http:' ? plainRequest(options) : secureRequest({ ...options, ...(ca !== undefined && { ca }) });
    request.end(body);
    return request;
  }
}

/** Answers a name with what was looked at, whatever it means by now. It is not asked for a host that is an address already. */
const pinnedTo =
  (addresses: readonly Resolved[]): LookupFunction =>
  (_host, { all }, found) => {
    const [first] = addresses;
    if (all === true) found(null, [...addresses]);
    else if (first) found(null, first.address, first.family);
  };
