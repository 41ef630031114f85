import type { AttemptPolicy } from '#domain/identity/attempts.ts';
import { RESET_POLICY, type ResetPolicy } from '#domain/identity/reset-token.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What an installation decides about its accounts: every number and switch in one place. */
export type IdentityPolicy = {
  readonly reset: ResetPolicy;
  /** Wrong passwords for one identifier from one place. */
  readonly signIn: AttemptPolicy;
  /** Wrong passwords for one identifier from everywhere, and for one account whatever it is called. */
  readonly signInAnywhere: AttemptPolicy;
  /** Wrong codes of one account; only who knows the password gets to try any. */
  readonly secondFactor: AttemptPolicy;
  readonly requireVerifiedEmail: boolean;
  /** Roles that work only for who signed in with a second factor. */
  readonly secondFactorRoles: readonly string[];
  /** And permissions that make a role which a restaurant made work only so. */
  readonly secondFactorPermissions: readonly string[];
  /** Addresses of the published demo accounts, whose phone would have to be published as well. */
  readonly secondFactorExempt: readonly string[];
  /** How long an invitation to work somewhere holds. */
  readonly invitationHours: number;
  /** Where links in mail lead; never taken from a request. */
  readonly apps: { readonly customers: string; readonly partners: string };
};

export const POLICY: Omit<IdentityPolicy, 'apps'> = {
  reset: RESET_POLICY,
  signIn: { max: 5, windowMs: 15 * MINUTE_MS, lockMs: [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS] },
  signInAnywhere: { max: 20, windowMs: 15 * MINUTE_MS, lockMs: [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS] },
  secondFactor: { max: 5, windowMs: 15 * MINUTE_MS, lockMs: [5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS] },
  requireVerifiedEmail: false,
  secondFactorRoles: [],
  secondFactorPermissions: [],
  invitationHours: 72,
  secondFactorExempt: [],
};
