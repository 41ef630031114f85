import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { EMAIL_MAX, EmailAddress } from '#domain/identity/email-address.ts';
import { PASSWORD_MAX } from '#domain/identity/password-policy.ts';
import { GRANTABLE } from '#domain/identity/roles.ts';
import type { Permission } from '#domain/shared/actor.ts';
import { MINOR_MAX } from '#domain/shared/money.ts';

/** What the fields of every form of this trade must look like. What they may be in a given case is the domain's to say. */

/** An address in the one spelling under which it is compared. */
export const Email = z
  .string()
  .min(3)
  .max(EMAIL_MAX)
  .transform((text, context) => {
    const address = EmailAddress.parse(text);
    if (address.ok) return address.value as string;
    context.addIssue({ code: 'custom', message: 'one plain address such as meera@example.com' });
    return z.NEVER;
  })
  .meta({ type: 'string', format: 'email', example: 'meera@example.com' });

/** A number that can exist, as E.164. Without a country code it is Indian. */
export const Phone = z
  .string()
  .max(30)
  .transform((text, context) => {
    const phone = parsePhoneNumberFromString(text.normalize('NFKC'), { defaultCountry: 'IN', extract: false });
    if (phone?.isValid()) return phone.number as string;
    context.addIssue({ code: 'custom', message: 'a phone number that exists, with its country code, such as +91 98765 43210' });
    return z.NEVER;
  })
  .meta({ type: 'string', description: 'With its country code; without one it is Indian. Answered as E.164.', example: '+919876543210' });

/** Bounds only: whether it is good enough depends on whose it is. */
export const Password = z
  .string()
  .min(1)
  .max(PASSWORD_MAX * 2);

/** What a role that a restaurant makes may allow. */
export const GrantablePermission = z.enum(GRANTABLE as unknown as readonly [Permission, ...Permission[]]);

/** Whole minor units. */
export const Amount = z.int().min(0).max(MINOR_MAX);

/** A number of at most so many decimals. */
export const decimal = (places: number, { min, max }: { readonly min: number; readonly max: number }) =>
  z
    .number()
    .min(min)
    .max(max)
    .refine((number) => Number.isInteger(Number((number * 10 ** places).toPrecision(15))), `at most ${places} decimals`);

/** How many of something somebody may ask for. */
export const count = (max: number) => z.int().min(1).max(max);

/** What stands on a table: `12`, `A7`, `T-4`. */
export const TableNumber = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} -]{0,8}[\p{L}\p{N}])?$/u, '1 to 10 letters, digits, spaces and -')
  .meta({ example: 'A7' });

/** A day of the calendar that there is, as YYYY-MM-DD. */
export const CalendarDate = z.iso.date().meta({ example: '2026-11-21' });

const DAY_MS = 86_400_000;
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** Two days, the first no later than the second, and no more than so many days apart. */
export const dateRange = (daysMax: number) =>
  z
    .strictObject({ from: CalendarDate, to: CalendarDate })
    .refine(({ from, to }) => daysBetween(from, to) >= 0, { path: ['to'], message: 'not before from' })
    .refine(({ from, to }) => daysBetween(from, to) <= daysMax, { path: ['to'], message: `at most ${daysMax} days after from` });

/** An instant that is still to come, and within so many days. */
export const futureInstant = (now: () => number, daysMax: number) =>
  z.iso
    .datetime({ offset: true })
    .refine((text) => Date.parse(text) > now(), 'in the future')
    .refine((text) => Date.parse(text) <= now() + daysMax * DAY_MS, `within ${daysMax} days`)
    .meta({ example: '2026-11-21T10:30:00.000Z' });

/** An address on the web that carries no secrets. */
export const WebAddress = z
  .string()
  .max(2_048)
  .refine((text) => isWebAddress(text), 'an https:// address without a user, a password or spaces')
  .meta({ format: 'uri', example: 'https://example.com/hooks' });

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text) || /[\s\p{Cc}]/u.test(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && hostname.includes('.');
}

/** Nothing that hides, reorders or breaks the text around it; letters composed in one way. */
const VISIBLE = /^(?:[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff])*$/u;
const VISIBLE_LINES = /^(?:[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff]|[\n\r\t])*$/u;

/** A name people read: one line, not blank. */
export const Name = z.string().trim().min(1).max(120).regex(VISIBLE, 'no control characters').normalize('NFC');

/** Text of several lines. It is text, and no markup: whoever shows it escapes it. */
export const Text = (max: number) => z.string().trim().max(max).regex(VISIBLE_LINES, 'no control characters').normalize('NFC');
