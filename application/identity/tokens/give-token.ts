import type { Account } from '#domain/identity/account.ts';
import { OneTimeToken, type TokenPurpose } from '#domain/identity/one-time-token.ts';
import type { Proof } from '#domain/identity/session.ts';
import type { IdentityDeps, IdentityTx } from '../ports.ts';

type Asked = {
  readonly account: Account;
  readonly purpose: Exclude<TokenPurpose, 'reset_password'>;
  readonly email?: string;
  /** What a challenge stands for. */
  readonly proof?: Proof;
  readonly ttlMs?: number;
};
type Minted = ReturnType<IdentityDeps['security']['secrets']['mint']> & { readonly id: string };

/** What must not be thought up twice when a transaction is repeated. */
export const mintToken = ({ security, ids }: Pick<IdentityDeps, 'security' | 'ids'>, purpose: TokenPurpose): Minted => ({
  ...security.secrets.mint(purpose),
  id: ids.next(),
});

/**
 * A token in place of those of its purpose that the account had before. What takes an address back is in place of none:
 * whoever took an account over would change the address twice, and its owner's link would be worth nothing.
 */
export async function giveToken(
  tx: IdentityTx,
  { security }: Pick<IdentityDeps, 'security'>,
  { account, purpose, email, proof, ttlMs }: Asked,
  { id, selector, verifier }: Minted,
  at: number,
): Promise<void> {
  if (purpose !== 'undo_email') await supersedeTokens(tx, account.id, at, [purpose]);
  const bound = purpose === 'change_email' || purpose === 'second_factor';
  const change = OneTimeToken.issue(
    {
      id,
      purpose,
      accountId: account.id,
      selector,
      verifierHash: security.secrets.digest(verifier),
      credentials: bound ? account.credentials : null,
      ...(email !== undefined && { email }),
      ...(proof !== undefined && { proof }),
      ...(ttlMs !== undefined && { ttlMs }),
    },
    at,
  );
  await tx.tokens.save(change);
}

/** Ends what an account was given for these purposes, of late or ever. */
export async function supersedeTokens(
  tx: IdentityTx,
  accountId: string,
  at: number,
  purposes: readonly TokenPurpose[],
  issuedFrom = 0,
): Promise<void> {
  for (const token of await tx.tokens.issuedTo(accountId)) {
    const change = purposes.includes(token.purpose) && token.issuedAt >= issuedFrom ? OneTimeToken.supersede(token, at) : undefined;
    if (change) await tx.tokens.save(change);
  }
}
