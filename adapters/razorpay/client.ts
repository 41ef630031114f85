import { AsyncLocalStorage } from 'node:async_hooks';
import Razorpay from 'razorpay';
import type { z } from 'zod';
import type { ProviderReply } from '#application/payments/provider.ts';
import { startPart } from '../shared/telemetry/tracing.ts';
import { BadId, replyOf } from './failures.ts';

export type ClientOptions = {
  readonly keyId: string;
  readonly keySecret: string;
  /** Without the version; Razorpay's own when absent. */
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  /** Takes the place of sockets: what answers requests in this very process. */
  readonly fetch?: (request: Request) => Response | Promise<Response>;
  /** Throws when nothing may wait for the network now. Called before every call. */
  readonly guard?: () => void;
};

type Asking = {
  readonly headers?: Readonly<Record<string, string>>;
  /** It opens a payment: when that is refused, no money can have moved here. */
  readonly opens?: boolean;
  /** A look that we can do without: whoever does not offer it says no. */
  readonly optional?: boolean;
};

/** The SDK, and the one way to use it: what it gives, throws or leaves out becomes a reply. */
export type Client = {
  readonly sdk: Razorpay;
  ask<S extends z.ZodType>(schema: S, call: (sdk: Razorpay) => Promise<unknown>, asking?: Asking): Promise<ProviderReply<z.output<S>>>;
};

const BASE_URL = 'https://api.razorpay.com';
const TIMEOUT_MS = 8_000;
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/** The SDK's axios, which its types leave out. */
type Http = {
  readonly defaults: Record<string, unknown>;
  readonly interceptors: {
    readonly request: { use(ready: (config: Request_) => Request_): unknown };
    readonly response: { use(ready: undefined, failed: (error: Failed) => never): unknown };
  };
};
type Request_ = { readonly headers: { set(name: string, value: string): unknown }; signal?: AbortSignal };
type Failed = { readonly code?: string; response?: { status: number; data: unknown } };

export function createClient(options: ClientOptions): Client {
  const sdk = new Razorpay({ key_id: options.keyId, key_secret: options.keySecret });
  const extraHeaders = new AsyncLocalStorage<Readonly<Record<string, string>>>();
  prepare((sdk.api as unknown as { readonly rq: Http }).rq, options, () => extraHeaders.getStore() ?? {});

  return {
    sdk,
    async ask(schema, call, { headers = {}, ...asking } = {}) {
      options.guard?.();
      let answer: unknown;
      const span = startPart(() => ({
        name: 'razorpay',
        kind: 'client',
        attributes: { 'server.address': new URL(options.baseUrl ?? BASE_URL).host },
      }));
      try {
        answer = await extraHeaders.run(headers, () => call(sdk));
        span?.end();
      } catch (error) {
        span?.end(new Error('no success')); // What it says may hold who pays.
        return replyOf(error, asking);
      }
      const read = schema.safeParse(answer);
      if (read.success) return { outcome: 'succeeded', value: read.data };
      const where = read.error.issues.map(({ path, code }) => `${path.join('.') || 'body'}: ${code}`).slice(0, 3);
      return { outcome: 'unknown', reason: `an answer that cannot be read (${where.join('; ')})` };
    },
  };
}

/** Where it goes, how long it waits, and that a failure of the network does not look like one of the SDK. */
function prepare(http: Http, options: ClientOptions, headers: () => Readonly<Record<string, string>>): void {
  const timeout = options.timeoutMs ?? TIMEOUT_MS;
  Object.assign(http.defaults, {
    baseURL: (options.baseUrl ?? BASE_URL).replace(/(\/v1)?\/*$/, ''), // The SDK adds the version.
    timeout,
    maxRedirects: 0, // Credentials go to nobody else.
    maxContentLength: ANSWER_BYTES_MAX,
    ...(options.fetch && { adapter: 'fetch', env: { fetch: impatient(options.fetch, timeout) } }),
  });
  http.interceptors.request.use((config) => {
    for (const [name, value] of Object.entries(headers())) config.headers.set(name, value);
    if (!options.fetch) config.signal = AbortSignal.timeout(timeout); // The other one starts anew with every byte that arrives.
    return config;
  });
  http.interceptors.response.use(undefined, (error) => {
    const { response } = error;
    if (!response) error.response = { status: 0, data: { error: { code: 'NETWORK_ERROR', description: error.code ?? 'no answer' } } };
    else if (typeof response.data !== 'object' || response.data === null) response.data = {};
    throw error;
  });
}

/** What answers in this process may not mind that nobody waits any more. */
const impatient =
  (fetch: NonNullable<ClientOptions['fetch']>, timeoutMs: number) =>
  (request: Request): Promise<Response> =>
    new Promise((resolve, reject) => {
      // Not by the signal of the request: both are cleared away while nobody but each other holds on to them.
      const timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
      Promise.resolve(request)
        .then(fetch)
        .finally(() => clearTimeout(timer))
        .then(resolve, reject);
    });

/** An id that goes into a path: nothing that leads elsewhere. */
export function inPath(id: string): string {
  if (!/^[\w$-]{1,64}$/.test(id)) throw new BadId();
  return id;
}
