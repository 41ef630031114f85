import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { ReturnTo } from '#domain/identity/external/return-to.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { confirmOwner, type NotConfirmed } from '../password/check-password.ts';
import { chance, ERRAND_MS, leave, type Purpose } from './notes.ts';
import type { ExternalDeps } from './ports.ts';

export type BeginExternal = {
  readonly provider: string;
  readonly app: 'customers' | 'partners';
  /** The page of the app that takes the answer. */
  readonly returnTo?: string | undefined;
  /** SHA-256 of a text that the app keeps: only who has it can use the answer. */
  readonly challenge: string;
};
/** Where to send the browser, which can go there once. */
export type Begun = { readonly url: string; readonly expiresInSeconds: number };

type Deps = Pick<ExternalDeps, 'external' | 'security' | 'queries' | 'clock'>;
type Refusal = IdentityErrorOf<'identity.provider_unknown' | 'identity.return_to_refused'>;

/** Whom we ask is listed, and in which order. */
export const listProviders =
  ({ external }: Pick<ExternalDeps, 'external'>) =>
  (): readonly { readonly provider: string; readonly title: string }[] =>
    external.providers.map(({ name, title }) => ({ provider: name, title }));

export const beginSignIn =
  (deps: Deps) =>
  (asked: BeginExternal): Promise<Result<Begun, Refusal>> =>
    begin(deps, asked, { kind: 'sign_in' });

/** Takes the password, like every other way to add what signs in. */
export const beginLink =
  (deps: Deps) =>
  async (
    { password, ...asked }: BeginExternal & { readonly password?: string | undefined },
    actor: Actor,
  ): Promise<Result<Begun, Refusal | NotConfirmed | IdentityErrorOf<'identity.account_not_found'>>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const confirmed = await confirmOwner(deps)(actor, password);
    return confirmed.ok ? begin(deps, asked, { kind: 'link', accountId: actor.accountId }) : confirmed;
  };

async function begin(deps: Deps, { provider, app, returnTo, challenge }: BeginExternal, purpose: Purpose): Promise<Result<Begun, Refusal>> {
  const { external, security, clock } = deps;
  if (!external.providers.some(({ name }) => name === provider)) return err({ code: 'identity.provider_unknown', provider });
  const page = returnTo === undefined ? ok(ReturnTo.DEFAULT) : ReturnTo.parse(returnTo);
  if (!page.ok) return page;
  const ticket = chance(deps);
  const address = `${security.policy.apps[app].replace(/\/$/, '')}${page.value}`;
  await leave(deps, 'ticket', ticket, { provider, purpose, page: address, challenge }, clock.now() + ERRAND_MS);
  return ok({ url: `${external.publicUrl}/auth/external/start?ticket=${ticket}`, expiresInSeconds: ERRAND_MS / 1_000 });
}
