import { beginLink, beginSignIn, listProviders } from './begin.ts';
import { linkExternal, listExternal, unlinkExternal } from './manage.ts';
import type { ExternalDeps } from './ports.ts';
import { signInExternally } from './sign-in.ts';
import { comeBack, departFor } from './travel.ts';

/** Everything the outside may ask about signing in through other providers. */
export const createExternal = (deps: ExternalDeps) => ({
  providers: listProviders(deps),
  beginSignIn: beginSignIn(deps),
  beginLink: beginLink(deps),
  departFor: departFor(deps),
  comeBack: comeBack(deps),
  signIn: signInExternally(deps),
  link: linkExternal(deps),
  list: listExternal(deps),
  unlink: unlinkExternal(deps),
});
export type External = ReturnType<typeof createExternal>;
