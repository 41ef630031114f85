import type { PlatformRole } from './roles.ts';
import type { RevokeReason } from './session.ts';

/** The identity module's published language. No password, hash or token is ever in it. */
export type IdentityEvent = AccountEvent | SessionEvent | ApiKeyEvent;

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
  | { readonly type: 'identity.account_closed'; readonly accountId: string; readonly at: number };

export type SessionEvent =
  | {
      readonly type: 'identity.session_started';
      readonly sessionId: string;
      readonly accountId: string;
      readonly idleExpiresAt: number;
      readonly absoluteExpiresAt: number;
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
