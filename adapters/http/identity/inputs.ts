import { z } from 'zod';
import { EMAIL_MAX } from '#domain/identity/email-address.ts';

/** Bounds only: what an address or a name may be is the domain's to say. */
export const Identifier = z.string().min(1).max(EMAIL_MAX).meta({ example: 'meera@example.com' });
export const DisplayName = z.string().min(1).max(160);
/** As somebody types it. Which country one without a prefix is of is configured, so the number is read further in. */
export const TypedPhone = z.string().min(1).max(40).meta({ example: '+91 98123 45678' });
export const Username = z.string().min(1).max(60).meta({ example: 'meera.n' });
export const RefreshToken = z.string().min(1).max(1_024);
/** A text out of a link or of a reply of ours. */
export const Secret = z.string().min(1).max(256);
/** Six digits of a phone, or a backup code. */
export const Code = z.string().min(6).max(32).meta({ example: '492039' });
