import type { Brand } from '../shared/brand.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { IdentityErrorOf } from './errors.ts';

/** An address in the one form under which it is stored, compared and written to. */
export type EmailAddress = Brand<string, 'EmailAddress'>;

/** RFC 5321: the whole address, and the part before the @. */
export const EMAIL_MAX = 254;
const LOCAL_MAX = 64;

const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const TOP_LEVEL = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** Lower-casing may leave what composes again (H and a macron below), hence the second pass. */
const normalise = (text: string): string => text.normalize('NFKC').trim().toLowerCase().normalize('NFKC');

/**
 * Refuses all but plain ASCII addresses: look-alikes of an ASCII letter either become that letter, so that they meet the
 * same account, or are refused. Sub-addresses (`a+1@`) are addresses of their own.
 */
function parse(text: string): Result<EmailAddress, IdentityErrorOf<'identity.email_malformed'>> {
  const address = text.length <= EMAIL_MAX ? normalise(text) : '';
  return address.length <= EMAIL_MAX && isWellFormed(address) ? ok(address as EmailAddress) : err({ code: 'identity.email_malformed' });
}

function isWellFormed(address: string): boolean {
  const at = address.indexOf('@');
  const local = address.slice(0, at);
  const labels = address.slice(at + 1).split('.');
  const top = labels.at(-1) ?? '';
  return (
    at > 0 && local.length <= LOCAL_MAX && LOCAL.test(local) && labels.length > 1 && TOP_LEVEL.test(top) && labels.every((label) => LABEL.test(label))
  );
}

/** What stands before the @: the part that is the person's own. */
const localPart = (address: EmailAddress): string => address.slice(0, address.lastIndexOf('@'));

export const EmailAddress = { parse, normalise, localPart };
