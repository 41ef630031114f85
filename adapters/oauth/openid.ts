import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client';
import { z } from 'zod';
import type { Claims, Errand, ExternalProvider } from '#application/identity/external/ports.ts';
import { providerFetch, TIMEOUT_SECONDS } from './network.ts';
import { proving, returnedTo, Text, Unproven } from './proving.ts';

export type OpenIdOptions = {
  readonly name: string;
  readonly title: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
};

/** How long what the provider says of itself is believed. */
const DISCOVERED_MS = 60 * 60_000;

const Person = z.object({ email: Text, email_verified: z.literal(true).optional().catch(undefined), name: Text });

/** A provider that speaks OpenID Connect, such as Google: its signed ID token says who it is. */
export function openIdProvider(options: OpenIdOptions, now: () => number): ExternalProvider {
  const { name, title } = options;
  let discovered: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined;
  const configured = (): Promise<Configuration> => {
    if (discovered && now() - discovered.at < DISCOVERED_MS) return discovered.configuration;
    const made = { at: now(), configuration: discover(options) };
    discovered = made;
    made.configuration.catch(() => {
      if (discovered === made) discovered = undefined; // The next one asks again.
    });
    return made.configuration;
  };

  return {
    name,
    title,
    async authorizationUrl({ redirectUri, state, nonce, verifier }) {
      const configuration = await configured().catch(() => undefined);
      if (!configuration) return undefined;
      const asked = {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      return buildAuthorizationUrl(configuration, asked).href;
    },
    prove: (query, errand) => proving(async () => claimsOf(await configured(), query, errand)),
  };
}

function discover({ issuer, clientId, clientSecret }: OpenIdOptions): Promise<Configuration> {
  const url = new URL(issuer);
  return discovery(url, clientId, clientSecret, undefined, {
    timeout: TIMEOUT_SECONDS,
    [customFetch]: providerFetch,
    // The token comes over TLS; its signature is checked all the same.
    execute: [enableNonRepudiationChecks, ...(url.protocol === 'http:' ? [allowInsecureRequests] : [])],
  });
}

async function claimsOf(configuration: Configuration, query: string, errand: Errand): Promise<Claims> {
  const tokens = await authorizationCodeGrant(configuration, returnedTo(query, errand), {
    expectedState: errand.state,
    expectedNonce: errand.nonce,
    pkceCodeVerifier: errand.verifier,
    idTokenExpected: true,
  });
  const token = tokens.claims();
  if (!token) throw new Unproven('no ID token');
  // Address and flag come from one document: the token, or, where it names no address, what the provider answers about its subject.
  const isComplete = token['email'] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined;
  const person = Person.parse(isComplete ? token : await fetchUserInfo(configuration, tokens.access_token, token.sub));
  const email = person.email ?? null;
  return {
    issuer: token.iss,
    subject: token.sub,
    email,
    isEmailVerified: email !== null && person.email_verified === true,
    displayName: person.name ?? null,
  };
}
