import { z } from 'zod';
import { EMAIL_MAX } from '#domain/identity/email-address.ts';
import { PASSWORD_MAX } from '#domain/identity/password-policy.ts';

/** Bounds only: what an address, a name or a password may be is the domain's to say. */
export const Identifier = z.string().min(1).max(EMAIL_MAX).meta({ example: 'meera@example.com' });
export const Password = z
  .string()
  .min(1)
  .max(PASSWORD_MAX * 2);
export const DisplayName = z.string().min(1).max(160);
export const Phone = z.string().min(1).max(40).meta({ example: '+91 98123 45678' });
export const Username = z.string().min(1).max(60).meta({ example: 'meera.n' });
export const RefreshToken = z.string().min(1).max(1_024);
/** A text out of a link or of a reply of ours. */
export const Secret = z.string().min(1).max(256);
/** Six digits of a phone, or a backup code. */
export const Code = z.string().min(6).max(32).meta({ example: '492039' });
