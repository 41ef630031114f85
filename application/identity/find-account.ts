import { Account } from '#domain/identity/account.ts';
import { EmailAddress } from '#domain/identity/email-address.ts';
import type { IdentityDeps } from './ports.ts';

/** An account as other modules see it. */
export type Person = { readonly accountId: string; readonly displayName: string; readonly email: string };

type Deps = Pick<IdentityDeps, 'queries'>;

/** The active account that somebody means by what they typed: its e-mail address, however written. */
export const findPerson =
  ({ queries }: Deps) =>
  async (identifier: string): Promise<Person | undefined> => {
    const address = EmailAddress.parse(identifier);
    return address.ok ? personOf(await queries.accountByEmail(address.value)) : undefined;
  };

/** Somebody who is signed in, and whether they showed to read the mail of their address. */
export const accountById =
  ({ queries }: Deps) =>
  async (accountId: string): Promise<(Person & { readonly isConfirmed: boolean }) | undefined> => {
    const account = await queries.account(accountId);
    const person = personOf(account);
    return person && { ...person, isConfirmed: account?.emailVerifiedAt != null };
  };

const personOf = (account: Account | undefined): Person | undefined =>
  account && Account.isActive(account) ? { accountId: account.id, displayName: account.displayName, email: account.email } : undefined;
