import { AsyncLocalStorage } from 'node:async_hooks';

/** What a request has cost so far at those we depend on. */
export type Cost = { statements: number; databaseMs: number; redisCalls: number; redisMs: number };

/** What is being done, and for which trace. */
export type Doing = {
  readonly requestId: string;
  readonly traceId: string;
  /** The span it is, while traces are kept. */
  readonly spanId?: string;
  readonly isSampled?: boolean;
};
/** What a log line or an event wants to know of the request it belongs to, without every signature carrying it. */
export type RequestContext = Doing & { readonly cost: Cost };

const storage = new AsyncLocalStorage<RequestContext>();

export const runInRequest = <T>(doing: Doing, work: () => T): T =>
  storage.run({ ...doing, cost: { statements: 0, databaseMs: 0, redisCalls: 0, redisMs: 0 } }, work);
export const currentRequest = (): RequestContext | undefined => storage.getStore();
/** The same work, which belongs to the request it was made in, whoever runs it. */
export const ofThisRequest = <Args extends unknown[], T>(work: (...args: Args) => T): ((...args: Args) => T) => AsyncLocalStorage.bind(work);
