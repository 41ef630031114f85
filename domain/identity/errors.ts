import type { PasswordRule } from './password-policy.ts';

export type IdentityError =
  | { readonly code: 'identity.email_malformed' }
  | { readonly code: 'identity.display_name_malformed'; readonly limit: number }
  | { readonly code: 'identity.password_weak'; readonly rules: readonly PasswordRule[] }
  | { readonly code: 'identity.email_taken' }
  | { readonly code: 'identity.account_closed'; readonly accountId: string }
  | { readonly code: 'identity.account_not_found' }
  | { readonly code: 'identity.invalid_credentials' }
  | { readonly code: 'identity.busy'; readonly retryAfterSeconds: number }
  | { readonly code: 'identity.refresh_token_invalid' }
  | { readonly code: 'identity.refresh_token_reused' }
  | { readonly code: 'identity.session_expired' }
  | { readonly code: 'identity.session_ended'; readonly sessionId: string };

export type IdentityErrorOf<Code extends IdentityError['code']> = Extract<IdentityError, { readonly code: Code }>;
