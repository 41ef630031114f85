import type { CustomFetch } from 'openid-client';
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
    throw new Unavailable(nameOf(error));
  });
  if (response.status >= 500 || response.status === 429) {
    await response.body?.cancel();
    throw new Unavailable(`status ${response.status}`);
  }
  const body = await readBounded(response);
  return new Response(body, { status: response.status, headers: response.headers });
};

async function readBounded({ body }: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!body) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > ANSWER_BYTES_MAX) throw new Unavailable('an answer without end');
    }
  } catch (error) {
    throw error instanceof Unavailable ? error : new Unavailable(nameOf(error));
  }
  return Buffer.concat(chunks);
}

const nameOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? String((cause as { readonly code?: unknown }).code ?? cause.name) : 'unknown';
};

/** Whether something failed because the provider could not be asked. */
export function isUnavailable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Unavailable) return true;
  return false;
}
