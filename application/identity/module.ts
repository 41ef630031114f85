import { authenticate } from './authenticate.ts';
import { accountById, findPerson } from './find-account.ts';
import { me } from './me.ts';
import type { IdentityDeps } from './ports.ts';
import { refreshSession } from './refresh-session.ts';
import { registerAccount } from './register-account.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';

/** Everything the outside may ask of identity. */
export const createIdentity = (deps: IdentityDeps) => ({
  registerAccount: registerAccount(deps),
  signIn: signIn(deps),
  refreshSession: refreshSession(deps),
  signOut: signOut(deps),
  authenticate: authenticate(deps),
  me: me(deps),
  findPerson: findPerson(deps),
  accountById: accountById(deps),
});
export type Identity = ReturnType<typeof createIdentity>;
