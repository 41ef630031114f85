import { Account } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import { Session } from '#domain/identity/session.ts';

export const AT = 1_764_000_000_000;

/** What else a session begins with when a password is all there is. */
export const SIGNED_IN = { factor: undefined, proofs: ['password'], device: 'Firefox on Linux', ip: null } as const;

export const anAccount: Account = Account.register(
  {
    id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
    email: 'meera@example.com' as EmailAddress,
    displayName: 'Meera',
    passwordHash: 'hash',
    platformRoles: [],
  },
  AT,
).state;

export function aSession(holdsRoles = false): Session {
  const started = Session.start({ id: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21', account: anAccount, salt: 'c2FsdA', holdsRoles, ...SIGNED_IN }, AT);
  if (!started.ok) throw new Error('an active account can start a session');
  return started.value.state;
}
