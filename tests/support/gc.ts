import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Does `work` while memory is cleared again and again: what nobody holds on to is gone. */
export async function underPressure<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const timer = setInterval(gc, 10);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
