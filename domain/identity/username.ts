import type { Brand } from '../shared/brand.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { IdentityErrorOf } from './errors.ts';

/** A name to sign in with: lower-case ASCII, begins with a letter, so that it is neither an address nor a number. */
export type Username = Brand<string, 'Username'>;

export const USERNAME_MIN = 3;
export const USERNAME_MAX = 30;
const FORM = /^[a-z](?:[._]?[a-z0-9])+$/;

/** Names that would speak for the house. */
const RESERVED = new Set(
  'admin administrator root system support help security staff owner manager thali billing payments api www mail info me'.split(' '),
);

const normalise = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** Refuses what only looks like a name: look-alikes of other scripts, hidden characters, reserved words. */
function parse(text: string): Result<Username, IdentityErrorOf<'identity.username_malformed'>> {
  const name = text.length <= USERNAME_MAX * 2 ? normalise(text) : '';
  const isName = name.length >= USERNAME_MIN && name.length <= USERNAME_MAX && FORM.test(name) && !RESERVED.has(name.replaceAll(/[._]/g, ''));
  return isName ? ok(name as Username) : err({ code: 'identity.username_malformed', min: USERNAME_MIN, max: USERNAME_MAX });
}

export const Username = { parse, normalise };
