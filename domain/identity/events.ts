import type { TokenPurpose } from './one-time-token.ts';
import type { PlatformRole } from './roles.ts';
import type { Proof, RevokeReason } from './session.ts';

/** The identity module's published language. No password, hash, code or token is ever in it. */
export type IdentityEvent =
  | AccountEvent
  | SessionEvent
  | ApiKeyEvent
  | TokenEvent
  | FactorEvent
  | PasskeyEvent
  | ExternalIdentityEvent
  | SecurityEvent;

export type AccountEvent =
  | {
      readonly type: 'identity.account_registered';
      readonly accountId: string;
      readonly email: string;
      readonly displayName: string;
      readonly platformRoles: readonly PlatformRole[];
      readonly at: number;
    }
  | { readonly type: 'identity.password_rehashed'; readonly accountId: string; readonly at: number }
  | { readonly type: 'identity.email_verified'; readonly accountId: string; readonly email: string; readonly at: number }
  | {
      readonly type: 'identity.profile_changed';
      readonly accountId: string;
      readonly displayName: string;
      /** What was changed; a number or a username itself is nobody else's to know. */
      readonly fields: readonly string[];
      readonly at: number;
    }
  | { readonly type: 'identity.password_changed'; readonly accountId: string; readonly reason: 'changed' | 'reset'; readonly at: number }
  | {
      readonly type: 'identity.email_changed';
      readonly accountId: string;
      readonly email: string;
      readonly reason: 'changed' | 'undone';
      readonly at: number;
    }
  | { readonly type: 'identity.account_reclaimed'; readonly accountId: string; readonly at: number }
  | {
      readonly type: 'identity.platform_role_given' | 'identity.platform_role_taken';
      readonly accountId: string;
      readonly role: PlatformRole;
      readonly at: number;
    }
  | { readonly type: 'identity.account_closed'; readonly accountId: string; readonly at: number };

export type SessionEvent =
  | {
      readonly type: 'identity.session_started';
      readonly sessionId: string;
      readonly accountId: string;
      readonly proofs: readonly Proof[];
      readonly device: string;
      readonly idleExpiresAt: number;
      readonly absoluteExpiresAt: number;
      readonly at: number;
    }
  | {
      readonly type: 'identity.session_strengthened';
      readonly sessionId: string;
      readonly accountId: string;
      readonly proofs: readonly Proof[];
      readonly at: number;
    }
  | {
      readonly type: 'identity.session_rotated';
      readonly sessionId: string;
      readonly accountId: string;
      readonly rotation: number;
      readonly idleExpiresAt: number;
      readonly absoluteExpiresAt: number;
      readonly at: number;
    }
  | {
      readonly type: 'identity.session_revoked';
      readonly sessionId: string;
      readonly accountId: string;
      readonly reason: RevokeReason;
      readonly at: number;
    }
  | { readonly type: 'identity.session_expired'; readonly sessionId: string; readonly accountId: string; readonly at: number };

export type ApiKeyEvent =
  | {
      readonly type: 'identity.api_key_issued';
      readonly apiKeyId: string;
      readonly restaurantId: string;
      readonly name: string;
      readonly scopes: readonly string[];
      readonly networks: readonly string[];
      readonly issuedBy: string;
      readonly expiresAt: number | null;
      readonly at: number;
    }
  | { readonly type: 'identity.api_key_revoked'; readonly apiKeyId: string; readonly restaurantId: string; readonly at: number };

type OfToken = { readonly tokenId: string; readonly accountId: string; readonly purpose: TokenPurpose; readonly at: number };
export type TokenEvent =
  | (OfToken & { readonly type: 'identity.token_issued'; readonly expiresAt: number })
  | (OfToken & { readonly type: 'identity.token_missed'; readonly misses: number })
  | (OfToken & { readonly type: `identity.token_${'redeemed' | 'expired' | 'superseded' | 'exhausted'}` });

type OfFactor = { readonly accountId: string; readonly at: number };
export type FactorEvent =
  | (OfFactor & {
      readonly type: `identity.second_factor_${'begun' | 'turned_on' | 'turned_off'}` | 'identity.backup_codes_made';
    })
  | (OfFactor & { readonly type: 'identity.second_factor_used'; readonly method: 'totp' | 'backup_code' });

export type PasskeyEvent = {
  readonly type: `identity.passkey_${'added' | 'used' | 'removed'}`;
  readonly passkeyId: string;
  readonly accountId: string;
  readonly at: number;
};

export type ExternalIdentityEvent = {
  readonly type: `identity.external_identity_${'linked' | 'used' | 'removed'}`;
  readonly externalIdentityId: string;
  readonly accountId: string;
  readonly provider: string;
  readonly at: number;
};

/** What was tried, whether or not there is such an account. `identifier` is masked. */
type OfAttempt = { readonly accountId: string | null; readonly identifier: string; readonly ip: string; readonly at: number };
export type SecurityEvent =
  | (OfAttempt & { readonly type: 'identity.sign_in_failed'; readonly step: 'password' | 'second_factor' })
  | (OfAttempt & { readonly type: 'identity.sign_in_locked'; readonly step: 'password' | 'second_factor'; readonly availableAt: number })
  | (OfAttempt & { readonly type: 'identity.reset_requested'; readonly attemptsRemaining: number })
  | (OfAttempt & { readonly type: 'identity.reset_refused'; readonly availableAt: number });
