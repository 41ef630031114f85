import { Account } from '#domain/identity/account.ts';
import { EmailAddress } from '#domain/identity/email-address.ts';
import type { ExternalProfile } from '#domain/identity/external/arrival.ts';
import { SUBJECT_MAX } from '#domain/identity/external/external-identity.ts';
import { err } from '#domain/shared/result.ts';
import { type Purpose, take } from './notes.ts';
import type { Claims, ExternalDeps } from './ports.ts';

/** What an app brings: the code out of its address, and the text whose digest it began with. */
export type ExternalCode = { readonly code: string; readonly verifier: string };
/** Whom a provider vouched for, and for what purpose. */
export type Vouched = { readonly provider: string; readonly title: string; readonly purpose: Purpose; readonly profile: ExternalProfile };

export const CODE_INVALID = err({ code: 'identity.external_code_invalid' });

/** Takes a code, once. Undefined when it is none, is late, or comes from an app that did not begin. */
export async function presentCode(
  deps: Pick<ExternalDeps, 'external' | 'security' | 'clock'>,
  { code, verifier }: ExternalCode,
): Promise<Vouched | undefined> {
  const proven = await take(deps, 'proven', code, deps.clock.now());
  const title = deps.external.providers.find(({ name }) => name === proven?.provider)?.title;
  if (!proven || title === undefined || !deps.security.secrets.matches(verifier, proven.challenge)) return undefined;
  const profile = profileOf(proven.claims);
  return profile && { provider: proven.provider, title, purpose: proven.purpose, profile };
}

/** An address that is no address of ours is none, and its mail nobody's. */
function profileOf({ issuer, subject, email, isEmailVerified, displayName }: Claims): ExternalProfile | undefined {
  if (subject === '' || subject.length > SUBJECT_MAX) return undefined;
  const address = email === null ? undefined : EmailAddress.parse(email);
  const known = address?.ok ? address.value : null;
  const name = Account.parseDisplayName(displayName ?? '');
  return {
    issuer,
    subject,
    email: known,
    isEmailVerified: known !== null && isEmailVerified,
    displayName: name.ok ? name.value : known === null ? '' : EmailAddress.localPart(known),
  };
}
