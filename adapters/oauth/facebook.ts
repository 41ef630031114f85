import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { ExternalProvider } from '#application/identity/external/ports.ts';
import { type Client, plainProvider } from './plain.ts';
import { documentIn, Text } from './proving.ts';

const VERSION = 'v24.0';
const Me = z.object({ id: z.string().regex(/^\d{1,64}$/), name: Text, email: Text });

/** Facebook. It does not say whether anybody reads the mail of an address, so nobody is taken to. */
export const facebookProvider = ({
  baseUrl,
  graphUrl,
  ...client
}: Client & { readonly baseUrl: string; readonly graphUrl: string }): ExternalProvider =>
  plainProvider({
    ...client,
    name: 'facebook',
    title: 'Facebook',
    issuer: baseUrl,
    authorizationEndpoint: `${baseUrl}/${VERSION}/dialog/oauth`,
    tokenEndpoint: `${graphUrl}/${VERSION}/oauth/access_token`,
    scope: 'email public_profile',
    async whose(get, accessToken) {
      const url = new URL(`${graphUrl}/${VERSION}/me`);
      url.searchParams.set('fields', 'id,name,email');
      // Shows that it is we who ask: a token that was given to another app is refused.
      url.searchParams.set('appsecret_proof', createHmac('sha256', client.clientSecret).update(accessToken).digest('hex'));
      const { id, name, email } = await documentIn(await get(url), Me);
      return { subject: id, email: email ?? null, isEmailVerified: false, displayName: name ?? null };
    },
  });
