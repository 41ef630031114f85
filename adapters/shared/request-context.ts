import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

/** What a log line or an event wants to know of the request it belongs to, without every signature carrying it. */
export type RequestContext = { readonly requestId: string; readonly traceId: string };

const storage = new AsyncLocalStorage<RequestContext>();

export const runInRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);
export const currentRequest = (): RequestContext | undefined => storage.getStore();

/** The same work, bound to the request it is made in, whoever's turn it is that runs it. */
export const boundToRequest = <A extends readonly unknown[], T>(work: (...args: A) => T): ((...args: A) => T) => AsyncResource.bind(work);
