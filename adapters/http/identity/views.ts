import { z } from 'zod';
import type { MailAllowance } from '#application/identity/password/mail-allowance.ts';
import type { OwnSession } from '#application/identity/sessions/manage-sessions.ts';
import type { SecondFactorAsked } from '#application/identity/sessions/open-session.ts';
import type { SignedIn, TokenPair } from '#application/identity/sessions/token-pair.ts';
import type { Account } from '#domain/identity/account.ts';
import { PLATFORM_ROLES } from '#domain/identity/roles.ts';
import { PROOFS, type Session } from '#domain/identity/session.ts';
import { Id, InstantView } from '../schemas.ts';

export const AccountView = z.object({
  id: Id,
  email: z.string(),
  emailVerified: z.boolean(),
  phone: z.string().nullable(),
  username: z.string().nullable(),
  displayName: z.string(),
  platformRoles: z.array(z.enum(PLATFORM_ROLES)),
  registeredAt: InstantView,
});
export const GrantView = z.object({ restaurantId: Id, role: z.string(), permissions: z.array(z.string()) });
export const MeView = AccountView.extend({ grants: z.array(GrantView) });
export const TokensView = z.object({ accessToken: z.string(), tokenType: z.literal('Bearer'), expiresIn: z.int(), refreshToken: z.string() });
/** The device token is sent along with the next sign-in, which strangers cannot lock out then. */
export const SignedInView = TokensView.extend({ deviceToken: z.string() });
export const ChallengeView = z.object({
  secondFactorRequired: z.literal(true),
  challenge: z.string(),
  expiresIn: z.int(),
  methods: z.array(z.enum(['totp', 'backup_code'])),
});
export const LoginView = z.union([SignedInView, ChallengeView]);
export const MailView = z.object({ sentTo: z.string(), attemptsRemaining: z.int(), maxAttempts: z.int(), resetWindowMinutes: z.int() });
export const SessionView = z.object({
  id: Id,
  device: z.string(),
  ip: z.string().nullable(),
  proofs: z.array(z.enum(PROOFS)),
  startedAt: InstantView,
  lastSeenAt: InstantView,
  expiresAt: InstantView,
  isCurrent: z.boolean(),
});
export const SecondFactorView = z.object({ isOn: z.boolean(), isRequired: z.boolean(), backupCodesLeft: z.int() });
export const BackupCodesView = z.object({ backupCodes: z.array(z.string()) });

export const accountView = ({ emailVerifiedAt, ...account }: Account): z.input<typeof AccountView> => ({
  ...account,
  emailVerified: emailVerifiedAt !== null,
  platformRoles: [...account.platformRoles],
});
export const tokensView = ({ accessToken, expiresInSeconds, refreshToken }: TokenPair): z.input<typeof TokensView> => ({
  accessToken,
  tokenType: 'Bearer',
  expiresIn: expiresInSeconds,
  refreshToken,
});
export const signedInView = (signedIn: SignedIn): z.input<typeof SignedInView> => ({ ...tokensView(signedIn), deviceToken: signedIn.deviceToken });
export const loginView = (answer: SignedIn | SecondFactorAsked): z.input<typeof LoginView> =>
  'challenge' in answer
    ? { secondFactorRequired: true, challenge: answer.challenge, expiresIn: answer.expiresInSeconds, methods: ['totp', 'backup_code'] }
    : signedInView(answer);
export const mailView = (allowance: MailAllowance): z.input<typeof MailView> => ({ ...allowance });
export const sessionView = ({ session, isCurrent }: OwnSession): z.input<typeof SessionView> => ({ ...plainSession(session), isCurrent });
export const plainSession = ({ id, device, ip, proofs, startedAt, rotatedAt, idleExpiresAt }: Session) => ({
  id,
  device,
  ip,
  proofs: [...proofs],
  startedAt,
  lastSeenAt: rotatedAt,
  expiresAt: idleExpiresAt,
});
