import { Session } from '#domain/identity/session.ts';
import type { IdentityDeps } from '../ports.ts';

/** What a client needs to act for a session and to renew it. */
export type TokenPair = { readonly accessToken: string; readonly expiresInSeconds: number; readonly refreshToken: string };
/** The same for who has just signed in; the device token tells us that device again. */
export type SignedIn = TokenPair & { readonly deviceToken: string };

export async function tokenPair({ access, refresh }: IdentityDeps['tokens'], session: Session, at: number): Promise<TokenPair> {
  const expiresAt = Session.accessExpiresAt(session, at);
  return {
    accessToken: await access.issue({ accountId: session.accountId, sessionId: session.id }, at, expiresAt),
    expiresInSeconds: Math.floor((expiresAt - at) / 1_000),
    refreshToken: refresh.issue(session),
  };
}
