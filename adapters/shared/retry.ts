import { WriteConflict } from '#application/shared/unit-of-work.ts';

const ATTEMPTS = 5;

/** Tries once and retries write conflicts four times with growing, jittered pauses; the last one is rethrown. */
export async function retryOnConflict<T>(attempt: () => Promise<T>): Promise<T> {
  for (let i = 1; ; i++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WriteConflict) || i === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2 ** i * Math.random() * 5));
    }
  }
}
