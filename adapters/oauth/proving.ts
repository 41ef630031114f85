import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';
import { z } from 'zod';
import type { Claims, Errand, Proving } from '#application/identity/external/ports.ts';
import { isUnavailable } from './network.ts';

/** An answer of the provider that proves nothing. */
export class Unproven extends Error {
  override readonly name = 'Unproven';
}

/** Makes an outcome of whatever asking a provider comes to. */
export async function proving(ask: () => Promise<Claims>): Promise<Proving> {
  try {
    return { outcome: 'proven', claims: await ask() };
  } catch (error) {
    const reason = reasonOf(error);
    if (error instanceof AuthorizationResponseError) {
      if (error.error === 'access_denied') return { outcome: 'denied' };
      if (error.error === 'temporarily_unavailable' || error.error === 'server_error') return { outcome: 'unavailable', reason };
    }
    return { outcome: isUnavailable(error) ? 'unavailable' : 'invalid', reason };
  }
}

/** Names and codes only: messages may quote what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const said = error instanceof AuthorizationResponseError || error instanceof ResponseBodyError ? error.error : undefined;
  const codes = [error, error.cause].flatMap((at) => (at instanceof Error ? [String((at as { readonly code?: unknown }).code ?? at.name)] : []));
  return [...codes, ...(typeof said === 'string' ? [said.replaceAll(/[^\w-]/g, '').slice(0, 60)] : [])].join(': ');
}

/** The address that a browser came back to, with what it brought. */
export const returnedTo = (query: string, { redirectUri }: Errand): URL => new URL(`${redirectUri}?${query}`);

/** Reads a provider's document. */
export async function documentIn<S extends z.ZodType>(response: Response, schema: S): Promise<z.output<S>> {
  if (response.status !== 200) throw new Unproven(`status ${response.status}`);
  const read = schema.safeParse(await response.json().catch(() => undefined));
  if (!read.success) throw new Unproven('a document that cannot be read');
  return read.data;
}

/** Bounds on what a provider says; longer texts are none. */
export const Text = z.string().min(1).max(320).nullish().catch(null);
