import { z } from 'zod';
import { guessesOf, type IdentityPolicy, POLICY } from '#application/identity/policy.ts';
import type { AttemptPolicy } from '#domain/identity/attempts.ts';
import { GRANTABLE, HANDED_ON_BY_OWNER, ROLES } from '#domain/identity/roles.ts';
import { INVITATION_HOURS } from '#domain/partners/invitation.ts';
import { DEMO_ACCOUNTS } from '../demo/accounts.ts';
import { type About, whole, yes } from './variable.ts';

const MINUTE_MS = 60_000;
const minutes = whole(1, 7 * 24 * 60);
const webApp = z.url({ protocol: /^https?$/ }).optional();

/** What accounts read from the environment. */
export const IDENTITY_VARIABLES = {
  STUDENT_APP_URL: [
    webApp,
    {
      group: 'Identity',
      description: 'Where links in mail lead customers. Production wants it beside SMTP_URL.',
      otherwise: 'PUBLIC_URL',
      production: '',
    },
  ],
  PARTNER_APP_URL: [
    webApp,
    {
      group: 'Identity',
      description: 'Where links in mail lead whoever holds a role. Production wants it beside SMTP_URL.',
      otherwise: 'PUBLIC_URL',
      production: '',
    },
  ],
  DEFAULT_COUNTRY: [
    z
      .string()
      .regex(/^[A-Z]{2}$/, 'two letters such as IN')
      .default('IN'),
    { group: 'Identity', description: 'The country of accounts’ telephone numbers that do not say theirs.' },
  ],
  PASSKEY_DOMAIN: [
    z
      .string()
      .regex(/^[a-z0-9.-]+$/, 'a domain such as example.com')
      .optional(),
    {
      group: 'Identity',
      description: 'What passkeys are bound to. Name the domain above both apps to use one passkey in both.',
      otherwise: 'the host of STUDENT_APP_URL',
    },
  ],
  REQUIRE_VERIFIED_EMAIL: [
    yes.optional(),
    {
      group: 'Identity',
      description:
        'Whether signing in takes a confirmed address. Where it does, registering answers alike (202) whether or not there is an account; where not, 201 or 409.',
      otherwise: '`1` in production with SMTP_URL, `0` elsewhere',
    },
  ],
  BREACH_CHECK_URL: [
    z.url({ protocol: /^https?$/ }).optional(),
    {
      group: 'Identity',
      description:
        'A service that speaks the range protocol of Pwned Passwords, such as `https://api.pwnedpasswords.com` or a copy of your own: passwords it knows to be stolen are refused wherever one is set. It is told five digits of a SHA-1 and never the password; when it says nothing useful within a second, the built-in list of common passwords decides alone.',
      otherwise: 'none: nobody outside is asked',
    },
  ],
  SECOND_FACTOR_ROLES: [
    z
      .string()
      .transform((text) => (text === 'none' ? [] : text.split(',')))
      .pipe(z.array(z.enum(ROLES)))
      .optional(),
    {
      group: 'Identity',
      description: 'Roles, between commas, that sleep until their holder signed in with a second factor; `none` asks nobody.',
      otherwise: '`owner,admin` in production, `none` elsewhere',
    },
  ],
  SECOND_FACTOR_PERMISSIONS: [
    z
      .string()
      .transform((text) => (text === 'none' ? [] : text.split(',')))
      .pipe(z.array(z.enum(GRANTABLE as unknown as readonly [string, ...string[]])))
      .optional(),
    {
      group: 'Identity',
      description:
        'A role that a restaurant made sleeps until its holder signed in with a second factor when it allows one of these permissions, between commas; `none` asks nobody.',
      otherwise: 'what moves money or gives access, unless SECOND_FACTOR_ROLES asks nobody',
    },
  ],
  INVITATION_HOURS: [
    whole(INVITATION_HOURS.min, INVITATION_HOURS.max).default(INVITATION_HOURS.otherwise),
    { group: 'Identity', description: 'How long an invitation to work at a restaurant holds, in hours.' },
  ],
  RESET_MAX_REQUESTS: [
    whole(1, 100).default(POLICY.reset.maxRequests),
    { group: 'Identity', description: 'How often a new password may be asked for, for one identifier.' },
  ],
  RESET_WINDOW_MINUTES: [
    minutes.default(POLICY.reset.windowMs / MINUTE_MS),
    { group: 'Identity', description: 'The stretch of time that RESET_MAX_REQUESTS counts in.' },
  ],
  RESET_TOKEN_MINUTES: [
    minutes.default(POLICY.reset.ttlMs / MINUTE_MS),
    { group: 'Identity', description: 'How long the link that sets a new password lives.' },
  ],
} as const satisfies Readonly<Record<string, readonly [z.ZodType, About]>>;

type Given = { readonly SMTP_URL?: string | undefined } & {
  readonly [Name in keyof typeof IDENTITY_VARIABLES]?: z.output<(typeof IDENTITY_VARIABLES)[Name][0]> | undefined;
};
type Numbered = Given & {
  readonly RATE_LIMIT_AUTH?: Pick<AttemptPolicy, 'max' | 'windowMs'> | 'off' | undefined;
  readonly INVITATION_HOURS: number;
  readonly RESET_MAX_REQUESTS: number;
  readonly RESET_WINDOW_MINUTES: number;
  readonly RESET_TOKEN_MINUTES: number;
};

export type PasskeysConfig = { readonly domain: string; readonly origins: readonly string[] };
export function passkeysOf({ PASSKEY_DOMAIN, STUDENT_APP_URL, PARTNER_APP_URL }: Given, publicUrl: string): PasskeysConfig {
  const apps = [STUDENT_APP_URL ?? publicUrl, PARTNER_APP_URL ?? publicUrl].map((url) => new URL(url));
  return { domain: PASSKEY_DOMAIN ?? (apps[0] as URL).hostname, origins: [...new Set(apps.map(({ origin }) => origin))] };
}

/** What moves money or gives access, in a role that a restaurant made. */
const GUARDED = [...HANDED_ON_BY_OWNER, 'staff:write', 'payments:refund', 'fraud:lists'];

export const policyOf = (given: Numbered, isProduction: boolean, publicUrl: string): IdentityPolicy => ({
  ...POLICY,
  // Turned off at the edge, guesses are still counted: a password is never open to any number of them.
  ...(given.RATE_LIMIT_AUTH !== undefined && given.RATE_LIMIT_AUTH !== 'off' && { signIn: guessesOf(given.RATE_LIMIT_AUTH) }),
  reset: {
    maxRequests: given.RESET_MAX_REQUESTS,
    windowMs: given.RESET_WINDOW_MINUTES * MINUTE_MS,
    ttlMs: given.RESET_TOKEN_MINUTES * MINUTE_MS,
  },
  requireVerifiedEmail: (given.REQUIRE_VERIFIED_EMAIL ?? (isProduction && given.SMTP_URL !== undefined ? '1' : '0')) === '1',
  ...secondFactorOf(given, isProduction),
  invitationHours: given.INVITATION_HOURS,
  secondFactorExempt: isProduction ? [] : DEMO_ACCOUNTS.map(({ email }) => email),
  apps: { customers: given.STUDENT_APP_URL ?? publicUrl, partners: given.PARTNER_APP_URL ?? publicUrl },
});

function secondFactorOf(given: Given, isProduction: boolean): Pick<IdentityPolicy, 'secondFactorRoles' | 'secondFactorPermissions'> {
  const secondFactorRoles = given.SECOND_FACTOR_ROLES ?? (isProduction ? ['owner', 'admin'] : []);
  return { secondFactorRoles, secondFactorPermissions: given.SECOND_FACTOR_PERMISSIONS ?? (secondFactorRoles.length > 0 ? GUARDED : []) };
}
