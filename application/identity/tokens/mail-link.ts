import type { Account } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import type { IdentityPolicy } from '../policy.ts';
import type { Mail } from '../ports.ts';

/** Which app a link leads to; the token stands in the fragment, which no server on the way and no log ever sees. */
export const mailLink = ({ apps }: IdentityPolicy, isPartner: boolean, page: string, token: string): string =>
  `${(isPartner ? apps.partners : apps.customers).replace(/\/$/, '')}/${page}#token=${token}`;

/** A mail to the owner of an account, at the address it has or another. */
export const mailTo = (
  account: Pick<Account, 'displayName' | 'email'>,
  key: string,
  template: Mail['template'],
  facts: Mail['facts'],
  to: EmailAddress = account.email,
): Mail => ({ key, to, template, facts: { name: account.displayName, ...facts } });
