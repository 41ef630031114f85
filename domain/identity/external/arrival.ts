import { err, ok, type Result } from '../../shared/result.ts';
import type { Account } from '../account.ts';
import type { EmailAddress } from '../email-address.ts';
import type { IdentityErrorOf } from '../errors.ts';

/** What another provider says of somebody: the address and whether they read its mail come from one document. */
export type ExternalProfile = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: EmailAddress | null;
  readonly isEmailVerified: boolean;
  readonly displayName: string;
};

/**
 * What becomes of somebody who comes from a provider for the first time: an account of their own, the one they have, or the
 * one that a stranger made under their address.
 */
export type Arrival = 'register' | 'link' | 'reclaim';

/**
 * An address joins two accounts only if both sides know that its owner reads its mail. Where only the provider knows, whoever
 * registered here may have been anybody: the owner gets the account, and what the other one had put into it goes.
 */
export function arrivalOf(
  { email, isEmailVerified }: Pick<ExternalProfile, 'email' | 'isEmailVerified'>,
  holder: Pick<Account, 'emailVerifiedAt'> | undefined,
): Result<Arrival, IdentityErrorOf<'identity.external_email_missing' | 'identity.external_email_unproven'>> {
  if (email === null) return err({ code: 'identity.external_email_missing' });
  if (!holder) return ok('register');
  if (!isEmailVerified) return err({ code: 'identity.external_email_unproven' });
  return ok(holder.emailVerifiedAt === null ? 'reclaim' : 'link');
}
