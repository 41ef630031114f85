import { type RevokeReason, Session } from '#domain/identity/session.ts';
import type { IdentityTx } from '../ports.ts';

/** Ends the sessions of an account, but for one where it is named; how many. */
export async function endSessions(tx: IdentityTx, accountId: string, reason: RevokeReason, at: number, except?: string): Promise<number> {
  let ended = 0;
  for (const session of await tx.sessions.activeOf(accountId)) {
    const revoked = session.id === except ? undefined : Session.revoke(session, reason, at);
    if (!revoked?.ok) continue;
    await tx.sessions.save(revoked.value);
    ended += 1;
  }
  return ended;
}
