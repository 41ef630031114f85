import type { CustomFetch } from 'openid-client';
import { failureName } from '../shared/failure-name.ts';
import { readAtMost } from '../shared/read-at-most.ts';
import { refuseInsideTransaction } from '../shared/transaction-context.ts';

/** More than any document, key set or profile of a provider. */
const ANSWER_BYTES_MAX = 512 * 1024;
export const TIMEOUT_SECONDS = 8;

/** The provider, or the way to it, does not work now: nothing is known of what was asked. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** How providers are spoken to: never within a transaction, never to where an answer redirects to, and never more than is bounded. */
export const providerFetch: CustomFetch = async (url, options) => {
  refuseInsideTransaction();
  const response = await fetch(url, { ...options, redirect: 'manual' } as RequestInit).catch((error: unknown) => {
    throw new Unavailable(failureName(error));
  });
  if (response.status >= 500 || response.status === 429) {
    await response.body?.cancel();
    throw new Unavailable(`status ${response.status}`);
  }
  const body = await readAtMost(response, ANSWER_BYTES_MAX).catch((error: unknown) => {
    throw new Unavailable(failureName(error));
  });
  if (!body) throw new Unavailable('an answer without end');
  return new Response(response.body && body, { status: response.status, headers: response.headers });
};

/** Whether something failed because the provider could not be asked. */
export function isUnavailable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Unavailable) return true;
  return false;
}
