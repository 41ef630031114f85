import { AsyncLocalStorage } from 'node:async_hooks';

/** What a log line or an event wants to know of the request it belongs to, without every signature carrying it. */
export type RequestContext = { readonly requestId: string; readonly traceId: string };

const storage = new AsyncLocalStorage<RequestContext>();

export const runInRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);
export const currentRequest = (): RequestContext | undefined => storage.getStore();
/** The same work, which belongs to the request it was made in, whoever runs it. */
export const ofThisRequest = <Args extends unknown[], T>(work: (...args: Args) => T): ((...args: Args) => T) => AsyncLocalStorage.bind(work);
