import type { Brand } from '../../shared/brand.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { IdentityErrorOf } from '../errors.ts';

/** A page within one of our own apps: a path, and what it is asked. */
export type ReturnTo = Brand<string, 'ReturnTo'>;

export const RETURN_TO_MAX = 200;
/** Letters, digits, `-` and `_` between single slashes: nothing that any browser could take for another host. */
const PAGE = /^\/(?:[\w-]+(?:\/[\w-]+)*\/?)?(?:\?[\w=&.-]+)?$/;

const DEFAULT = '/external-sign-in' as ReturnTo;

function parse(text: string): Result<ReturnTo, IdentityErrorOf<'identity.return_to_refused'>> {
  return text.length <= RETURN_TO_MAX && PAGE.test(text) ? ok(text as ReturnTo) : err({ code: 'identity.return_to_refused', limit: RETURN_TO_MAX });
}

export const ReturnTo = { parse, DEFAULT };
