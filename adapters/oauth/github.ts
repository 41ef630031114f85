import { z } from 'zod';
import type { ExternalProvider } from '#application/identity/external/ports.ts';
import { type Client, plainProvider } from './plain.ts';
import { documentIn, Text } from './proving.ts';

const User = z.object({ id: z.int().positive(), login: z.string().min(1), name: Text });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** GitHub. The address in a profile is whatever its owner wrote there: only the primary one that GitHub itself confirmed counts. */
export const githubProvider = ({ baseUrl, apiUrl, ...client }: Client & { readonly baseUrl: string; readonly apiUrl: string }): ExternalProvider =>
  plainProvider({
    ...client,
    name: 'github',
    title: 'GitHub',
    issuer: `${baseUrl}/login/oauth`,
    authorizationEndpoint: `${baseUrl}/login/oauth/authorize`,
    tokenEndpoint: `${baseUrl}/login/oauth/access_token`,
    scope: 'read:user user:email',
    async whose(get) {
      const { id, login, name } = await documentIn(await get(new URL(`${apiUrl}/user`)), User);
      const answer = await get(new URL(`${apiUrl}/user/emails`));
      // Whoever did not let us see their addresses has none here.
      const emails = answer.status === 403 || answer.status === 404 ? [] : await documentIn(answer, Emails);
      const email = emails.find(({ primary, verified }) => primary && verified)?.email ?? null;
      return { subject: String(id), email, isEmailVerified: email !== null, displayName: name ?? login };
    },
  });
