/** Something that goes on from start to stop. */
export type Part = { start(): void | Promise<void>; stop(): void | Promise<void> };

/**
 * Starts one part after the other; the answer stops them in the opposite order. When one does not start, those before it are
 * stopped; when one does not stop cleanly, the others still are.
 */
export async function startInOrder(parts: readonly Part[]): Promise<() => Promise<void>> {
  const started: Part[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const part of started.splice(0).reverse()) await Promise.try(() => part.stop()).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  for (const part of parts) {
    started.push(part);
    try {
      await part.start();
    } catch (error) {
      await stop().catch(() => undefined);
      throw error;
    }
  }
  return stop;
}
