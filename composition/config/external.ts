import { z } from 'zod';
import type { About } from './variable.ts';

const id = (title: string) =>
  [
    z.string().min(1).optional(),
    { group: 'Identity', description: `The client id of this installation at ${title}: people may sign in through it then.`, otherwise: 'none' },
  ] as const;
const secret = [
  z.string().min(1).optional(),
  { group: 'Identity', description: 'The secret that goes with it.', otherwise: 'none', isSecret: true },
] as const;
/** Without the slash at its end. */
const address = (url: string, description: string) =>
  [
    z
      .url({ protocol: /^https?$/ })
      .transform((text) => text.replace(/\/+$/, ''))
      .optional(),
    { group: 'Identity', description, otherwise: `\`${url}\`` },
  ] as const;

const DEFAULTS = {
  GOOGLE_ISSUER: 'https://accounts.google.com',
  GITHUB_BASE_URL: 'https://github.com',
  GITHUB_API_URL: 'https://api.github.com',
  FACEBOOK_BASE_URL: 'https://www.facebook.com',
  FACEBOOK_GRAPH_URL: 'https://graph.facebook.com',
} as const;

/** What signing in through other providers reads from the environment. Each sends browsers back to `<PUBLIC_URL>/auth/external/<name>/callback`. */
export const EXTERNAL_VARIABLES = {
  GOOGLE_CLIENT_ID: id('Google'),
  GOOGLE_CLIENT_SECRET: secret,
  GOOGLE_ISSUER: address(DEFAULTS.GOOGLE_ISSUER, 'Its issuer; another one’s, for a provider of your own that speaks OpenID Connect.'),
  GITHUB_CLIENT_ID: id('GitHub'),
  GITHUB_CLIENT_SECRET: secret,
  GITHUB_BASE_URL: address(DEFAULTS.GITHUB_BASE_URL, 'Where people sign in to it; a GitHub of your own has another address.'),
  GITHUB_API_URL: address(DEFAULTS.GITHUB_API_URL, 'Where its API is.'),
  FACEBOOK_CLIENT_ID: id('Facebook'),
  FACEBOOK_CLIENT_SECRET: secret,
  FACEBOOK_BASE_URL: address(DEFAULTS.FACEBOOK_BASE_URL, 'Where people sign in to it.'),
  FACEBOOK_GRAPH_URL: address(DEFAULTS.FACEBOOK_GRAPH_URL, 'Where its API is.'),
} as const satisfies Readonly<Record<string, readonly [z.ZodType, About]>>;

export type ExternalVariables = { readonly [Name in keyof typeof EXTERNAL_VARIABLES]?: string | undefined };
type Client = { readonly clientId: string; readonly clientSecret: string };

/** Those that are configured; a provider that is absent does not exist. */
export type ExternalConfig = {
  readonly google?: Client & { readonly issuer: string };
  readonly github?: Client & { readonly baseUrl: string; readonly apiUrl: string };
  readonly facebook?: Client & { readonly baseUrl: string; readonly graphUrl: string };
};

export function externalOf(given: ExternalVariables): ExternalConfig {
  const addresses = { ...DEFAULTS, ...Object.fromEntries(Object.keys(DEFAULTS).flatMap((name) => addressIn(given, name as keyof typeof DEFAULTS))) };
  const [google, github, facebook] = [clientOf(given, 'GOOGLE'), clientOf(given, 'GITHUB'), clientOf(given, 'FACEBOOK')];
  return {
    ...(google && { google: { ...google, issuer: addresses.GOOGLE_ISSUER } }),
    ...(github && { github: { ...github, baseUrl: addresses.GITHUB_BASE_URL, apiUrl: addresses.GITHUB_API_URL } }),
    ...(facebook && { facebook: { ...facebook, baseUrl: addresses.FACEBOOK_BASE_URL, graphUrl: addresses.FACEBOOK_GRAPH_URL } }),
  };
}

const addressIn = (given: ExternalVariables, name: keyof typeof DEFAULTS): [string, string][] => {
  const value = given[name];
  return value === undefined ? [] : [[name, value]];
};

function clientOf(given: ExternalVariables, prefix: 'GOOGLE' | 'GITHUB' | 'FACEBOOK'): Client | undefined {
  const [clientId, clientSecret] = [given[`${prefix}_CLIENT_ID`], given[`${prefix}_CLIENT_SECRET`]];
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
}

/** What would leave a provider half configured. */
export const externalFaults = (given: ExternalVariables): string[] =>
  (['GOOGLE', 'GITHUB', 'FACEBOOK'] as const)
    .filter((prefix) => (given[`${prefix}_CLIENT_ID`] === undefined) !== (given[`${prefix}_CLIENT_SECRET`] === undefined))
    .map((prefix) => `${prefix}_CLIENT_ID, ${prefix}_CLIENT_SECRET: a provider wants both`);

/** Where people's codes and tokens travel, nobody may read along. */
export const openExternalFaults = (given: ExternalVariables): string[] =>
  (Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[])
    .filter((name) => given[name]?.startsWith('http:'))
    .map((name) => `${name}: production wants https`);
