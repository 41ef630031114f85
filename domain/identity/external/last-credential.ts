import type { Account } from '../account.ts';

/** Whether an account would have nothing left to sign in with, if one of what it has were taken away. A mail for a new password is no credential. */
export const isLastCredential = ({ passwordHash }: Pick<Account, 'passwordHash'>, passkeys: number, externalIdentities: number): boolean =>
  (passwordHash === null ? 0 : 1) + passkeys + externalIdentities <= 1;
