import { Passkey } from '#domain/identity/passkey.ts';
import type { IdentityTx } from '../ports.ts';

/** Takes every passkey of an account away; the transaction holds the account. */
export async function removePasskeys(tx: IdentityTx, accountId: string, at: number): Promise<void> {
  for (const passkey of await tx.passkeys.activeOf(accountId)) {
    const removed = Passkey.remove(passkey, at);
    if (removed) await tx.passkeys.save(removed);
  }
}
