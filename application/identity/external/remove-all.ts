import { ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import type { IdentityTx } from '../ports.ts';

/** Takes every external identity of an account away; the transaction holds the account. */
export async function removeExternalIdentities(tx: IdentityTx, accountId: string, at: number): Promise<void> {
  for (const identity of await tx.externalIdentities.activeOf(accountId)) {
    const removed = ExternalIdentity.remove(identity, at);
    if (removed) await tx.externalIdentities.save(removed);
  }
}
