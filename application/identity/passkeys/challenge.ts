import type { IdentityDeps } from '../ports.ts';

const LIFE_MS = 5 * 60_000;

type Deps = Pick<IdentityDeps, 'security' | 'ids'>;
/** Whose it is: an account that adds a passkey, or whoever signs in with one. */
type Subject = `account:${string}` | 'sign-in';

const macOf = ({ security }: Pick<Deps, 'security'>, subject: Subject, expiresAt: string, nonce: string): string =>
  security.secrets.fingerprint('passkey', subject, expiresAt, nonce);

/** A text for a device to sign. Nothing is kept of it: its own words say until when it holds, under our key. */
export function newChallenge(deps: Deps, subject: Subject, at: number): string {
  const { verifier: nonce } = deps.security.secrets.mint('second_factor');
  const expiresAt = String(at + LIFE_MS);
  return `${expiresAt}.${nonce}.${macOf(deps, subject, expiresAt, nonce)}`;
}

/** Whether we gave it to this subject, lately, and nobody has answered it before. Answered once, it is used. */
export async function takeChallenge(deps: Deps, challenge: string, subject: Subject, at: number): Promise<boolean> {
  const [expiresAt = '', nonce = '', mac = ''] = challenge.split('.');
  const { secrets, attempts } = deps.security;
  if (!secrets.matches(mac, secrets.digest(macOf(deps, subject, expiresAt, nonce))) || at >= Number(expiresAt)) return false;
  const once = { max: 1, windowMs: 2 * LIFE_MS, lockMs: [] };
  return (await attempts.take([{ key: secrets.fingerprint('passkey-answered', nonce), policy: once }], at)).isAllowed;
}
