import type { PasswordRule, PasswordStrength } from './password-policy.ts';

export type IdentityError =
  | { readonly code: 'identity.email_malformed' }
  | { readonly code: 'identity.display_name_malformed'; readonly limit: number }
  | { readonly code: 'identity.phone_malformed' }
  | { readonly code: 'identity.username_malformed'; readonly min: number; readonly max: number }
  | {
      readonly code: 'identity.password_weak';
      readonly rules: readonly PasswordRule[];
      readonly strength: PasswordStrength;
      readonly minLength: number;
    }
  | { readonly code: 'identity.email_taken' }
  | { readonly code: 'identity.phone_taken' }
  | { readonly code: 'identity.username_taken' }
  | { readonly code: 'identity.email_unchanged' }
  | { readonly code: 'identity.email_not_verified' }
  | { readonly code: 'identity.password_wrong' }
  | { readonly code: 'identity.too_many_attempts'; readonly retryAfterSeconds: number }
  | ResetLimit
  | { readonly code: 'identity.token_invalid' }
  | { readonly code: 'identity.second_factor_required' }
  | { readonly code: 'identity.second_factor_on' }
  | { readonly code: 'identity.second_factor_off' }
  | { readonly code: 'identity.second_factor_not_begun' }
  | { readonly code: 'identity.second_factor_mandatory' }
  | { readonly code: 'identity.challenge_invalid' }
  | { readonly code: 'identity.passkey_invalid' }
  | { readonly code: 'identity.passkey_not_found'; readonly passkeyId: string }
  | { readonly code: 'identity.too_many_passkeys'; readonly limit: number }
  | { readonly code: 'identity.code_invalid' }
  | { readonly code: 'identity.code_wrong' }
  | { readonly code: 'identity.password_not_set' }
  | { readonly code: 'identity.sign_in_again'; readonly withinMinutes: number }
  | { readonly code: 'identity.last_credential' }
  | { readonly code: 'identity.provider_unknown'; readonly provider: string }
  | { readonly code: 'identity.return_to_refused'; readonly limit: number }
  | { readonly code: 'identity.external_ticket_invalid' }
  | { readonly code: 'identity.external_state_invalid' }
  | { readonly code: 'identity.external_denied' }
  | { readonly code: 'identity.external_proof_invalid' }
  | { readonly code: 'identity.external_unavailable' }
  | { readonly code: 'identity.external_code_invalid' }
  | { readonly code: 'identity.external_email_missing' }
  | { readonly code: 'identity.external_email_unproven' }
  | { readonly code: 'identity.external_identity_taken' }
  | { readonly code: 'identity.external_identity_not_found'; readonly externalIdentityId: string }
  | { readonly code: 'identity.too_many_external_identities'; readonly limit: number }
  | { readonly code: 'identity.session_not_found'; readonly sessionId: string }
  | { readonly code: 'identity.account_closed'; readonly accountId: string }
  | { readonly code: 'identity.account_not_found' }
  | { readonly code: 'identity.last_admin'; readonly accountId: string }
  | { readonly code: 'identity.role_not_held'; readonly accountId: string; readonly role: string }
  | { readonly code: 'identity.no_such_account'; readonly accountId: string }
  | { readonly code: 'identity.invitation_refused'; readonly reason: InvitationReason }
  | { readonly code: 'identity.still_owner'; readonly restaurantIds: readonly string[] }
  | { readonly code: 'identity.invalid_credentials' }
  | { readonly code: 'identity.busy'; readonly retryAfterSeconds: number }
  | { readonly code: 'identity.refresh_token_invalid' }
  | { readonly code: 'identity.refresh_token_reused' }
  | { readonly code: 'identity.session_expired' }
  | { readonly code: 'identity.session_ended'; readonly sessionId: string };

export type IdentityErrorOf<Code extends IdentityError['code']> = Extract<IdentityError, { readonly code: Code }>;

/** Why an invitation brings nobody to a restaurant. */
export type InvitationReason =
  | 'invalid'
  | 'expired'
  | 'accepted'
  | 'revoked'
  | 'superseded'
  | 'not_yours'
  | 'inviter_may_not'
  | 'role_gone'
  | 'already_staff';

/** Too many requests for mail; `nextResetAvailableIn` counts seconds. */
type ResetLimit = {
  readonly code: 'identity.reset_limit';
  readonly attemptsRemaining: 0;
  readonly maxAttempts: number;
  readonly resetWindowMinutes: number;
  readonly nextResetAvailableIn: number;
  readonly nextResetAvailableAt: string;
  readonly retryAfterSeconds: number;
};
