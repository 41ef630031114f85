import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<true>();

/** Marks all that `work` waits for as being inside a transaction of ours. */
export const insideTransaction = <T>(work: () => Promise<T>): Promise<T> => storage.run(true, work);

/** Throws inside a transaction: nothing may wait for the network while it holds locks. */
export function refuseInsideTransaction(): void {
  if (storage.getStore()) throw new Error('the network was asked inside a transaction');
}
