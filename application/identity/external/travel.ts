import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { ReturnTo } from '#domain/identity/external/return-to.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { CODE_MS, chance, ERRAND_MS, leave, take } from './notes.ts';
import type { ExternalDeps, ExternalProvider } from './ports.ts';

type Deps = Pick<ExternalDeps, 'external' | 'security' | 'clock'>;

/** Where a browser is sent next. What it then holds, under which name, is for it alone. */
export type Departure = { readonly location: string; readonly state: string; readonly browser: string };
export type Returned = { readonly location: string };

/** Why a browser comes to the app with nothing. */
type Failure = IdentityErrorOf<
  | 'identity.external_ticket_invalid'
  | 'identity.external_state_invalid'
  | 'identity.external_denied'
  | 'identity.external_proof_invalid'
  | 'identity.external_unavailable'
>['code'];

const STATE = /^[\w-]{43}$/;
const FAILURE = {
  denied: 'identity.external_denied',
  invalid: 'identity.external_proof_invalid',
  unavailable: 'identity.external_unavailable',
} as const;

const redirectUri = ({ external }: Deps, provider: string): string => `${external.publicUrl}/auth/external/${provider}/callback`;
const namedBy = ({ external }: Deps, provider: string): ExternalProvider | undefined => external.providers.find(({ name }) => name === provider);

const withFailure = (page: string, failure: Failure): Returned => ({ location: `${page}${page.includes('?') ? '&' : '?'}error=${failure}` });
/** For a browser of which we do not know who sent it out. */
const lost = ({ security }: Deps, failure: Failure): Returned =>
  withFailure(`${security.policy.apps.customers.replace(/\/$/, '')}${ReturnTo.DEFAULT}`, failure);

/** Sends the browser that brings a ticket to the provider, and ties the rest of the way to that browser. */
export const departFor =
  (deps: Deps) =>
  async (ticket: string): Promise<Departure | Returned> => {
    const { security, clock } = deps;
    const asked = await take(deps, 'ticket', ticket, clock.now());
    const provider = asked && namedBy(deps, asked.provider);
    if (!asked || !provider) return lost(deps, 'identity.external_ticket_invalid');
    const [state, browser, nonce, verifier] = [chance(deps), chance(deps), chance(deps), chance(deps)] as const;
    const location = await provider.authorizationUrl({ redirectUri: redirectUri(deps, provider.name), state, nonce, verifier });
    if (location === undefined) return withFailure(asked.page, 'identity.external_unavailable');
    await leave(deps, 'errand', state, { ...asked, browser: security.secrets.digest(browser), nonce, verifier }, clock.now() + ERRAND_MS);
    return { location, state, browser };
  };

export type ComeBack = {
  readonly provider: string;
  /** All that the provider had the browser bring. */
  readonly query: string;
  readonly state: string | undefined;
  /** What this browser holds under that state's name. */
  readonly browser: string | undefined;
};

/** Asks the provider who came back, and gives the app a code for the answer: nobody is signed in, and nothing linked, before the app fetches it. */
export const comeBack =
  (deps: Deps) =>
  async ({ provider: name, query, state, browser }: ComeBack): Promise<Result<Returned, IdentityErrorOf<'identity.provider_unknown'>>> => {
    const { external, security, clock } = deps;
    const provider = namedBy(deps, name);
    if (!provider) return err({ code: 'identity.provider_unknown', provider: name });
    const errand = state !== undefined && STATE.test(state) ? await take(deps, 'errand', state, clock.now()) : undefined;
    const isHere = errand !== undefined && browser !== undefined && security.secrets.matches(browser, errand.browser);
    if (state === undefined || !isHere || errand.provider !== name) return ok(lost(deps, 'identity.external_state_invalid'));

    const { page, nonce, verifier, purpose, challenge } = errand;
    const proving = await provider.prove(query, { redirectUri: redirectUri(deps, name), state, nonce, verifier });
    if (proving.outcome !== 'proven') {
      if (proving.outcome !== 'denied') external.report(name, proving.outcome, proving.reason);
      return ok(withFailure(page, FAILURE[proving.outcome]));
    }
    const code = chance(deps);
    await leave(deps, 'proven', code, { provider: name, purpose, challenge, claims: proving.claims }, clock.now() + CODE_MS);
    return ok({ location: `${page}#code=${code}` });
  };
