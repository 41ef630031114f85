import { SecondFactor } from '#domain/identity/second-factor.ts';
import { removeExternalIdentities } from '../external/remove-all.ts';
import { removePasskeys } from '../passkeys/remove-all.ts';
import type { IdentityTx } from '../ports.ts';

/** All that signs in to an account, or stands in the way of it, but its password; the transaction holds the account. */
export async function dropProofs(tx: IdentityTx, accountId: string, at: number): Promise<void> {
  const factor = await tx.secondFactors.lock(accountId);
  const off = factor && SecondFactor.turnOff(factor, at);
  if (off?.ok) await tx.secondFactors.save(off.value);
  await removePasskeys(tx, accountId, at);
  await removeExternalIdentities(tx, accountId, at);
}
