import type { Account } from '#domain/identity/account.ts';
import { EmailAddress } from '#domain/identity/email-address.ts';
import { Username } from '#domain/identity/username.ts';
import type { IdentityDeps } from './ports.ts';

/** Whom somebody means, and what they typed in its one spelling: the same account may be meant by three of them. */
export type Identified = { readonly spelling: string; readonly account: Account | undefined };

/** Finds an account, closed ones too, by its address, telephone number or username. */
export const identify =
  ({ queries, security: { knowledge } }: Pick<IdentityDeps, 'queries' | 'security'>) =>
  async (text: string): Promise<Identified> => {
    const email = EmailAddress.parse(text);
    if (email.ok) return { spelling: email.value, account: await queries.accountByEmail(email.value) };
    const phone = knowledge.phoneNumber(text);
    if (phone !== undefined) return { spelling: phone, account: await queries.accountByPhone(phone) };
    const username = Username.parse(text);
    if (username.ok) return { spelling: username.value, account: await queries.accountByUsername(username.value) };
    return { spelling: EmailAddress.normalise(text), account: undefined };
  };
