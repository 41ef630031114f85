import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  fetchProtectedResource,
} from 'openid-client';
import type { Claims, ExternalProvider } from '#application/identity/external/ports.ts';
import { providerFetch, TIMEOUT_SECONDS } from './network.ts';
import { proving, returnedTo } from './proving.ts';

export type Client = { readonly clientId: string; readonly clientSecret: string };

type Plain = Client & {
  readonly name: string;
  readonly title: string;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly scope: string;
  /** Asks the provider's own interface whose token it is. */
  whose(get: (url: URL) => Promise<Response>, accessToken: string): Promise<Omit<Claims, 'issuer'>>;
};

/** A provider that speaks OAuth 2.0 alone: its access token says nothing, so who it is has to be asked. */
export function plainProvider(options: Plain): ExternalProvider {
  const { name, title, issuer, authorizationEndpoint, tokenEndpoint, scope, clientId, clientSecret, whose } = options;
  const server = { issuer, authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint };
  const configuration = new Configuration(server, clientId, clientSecret, ClientSecretPost(clientSecret));
  configuration[customFetch] = providerFetch;
  configuration.timeout = TIMEOUT_SECONDS;
  if (tokenEndpoint.startsWith('http:')) allowInsecureRequests(configuration);

  return {
    name,
    title,
    async authorizationUrl({ redirectUri, state, verifier }) {
      const challenge = await calculatePKCECodeChallenge(verifier);
      return buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }).href;
    },
    prove: (query, errand) =>
      proving(async () => {
        const checks = { expectedState: errand.state, pkceCodeVerifier: errand.verifier };
        const { access_token } = await authorizationCodeGrant(configuration, returnedTo(query, errand), checks);
        const get = (url: URL): Promise<Response> =>
          fetchProtectedResource(configuration, access_token, url, 'GET', undefined, new Headers({ accept: 'application/json' }));
        return { issuer, ...(await whose(get, access_token)) };
      }),
  };
}
