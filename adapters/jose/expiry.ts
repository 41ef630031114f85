import { decodeJwt } from 'jose';

/** When a token says that it expires, whoever made it; undefined for what is no token. */
export function expiryOf(token: string): number | undefined {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? undefined : exp * 1_000;
  } catch {
    return undefined;
  }
}
