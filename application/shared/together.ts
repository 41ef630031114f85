/**
 * Waits for statements of one transaction that were started without waiting for each other, so that they travel to the
 * database together. All of them have ended when it answers, or throws the first failure: none outlives the transaction.
 */
export async function together<T extends readonly unknown[]>(...started: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const ended = await Promise.allSettled(started);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  }) as unknown as T;
}
