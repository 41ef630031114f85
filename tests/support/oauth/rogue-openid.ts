import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { listening } from './listening.ts';
import { CLIENT } from './simulated.ts';

export type Claims = Readonly<Record<string, unknown>>;
type Forging = {
  /** The claims of the token, made of those that would be right. */
  claims(right: Claims): Claims;
  readonly signed: 'rightly' | 'by_another' | 'with_the_secret' | 'not_at_all';
  /** What discovery says of itself. */
  metadata(right: Claims): Claims;
};
export type Rogue = { readonly url: string; forging: Forging; close(): Promise<void> };

const HONEST: Forging = { claims: (right) => right, signed: 'rightly', metadata: (right) => right };

/** An OpenID provider that hands out whatever tokens a test makes up. Its people never have to do anything. */
export async function rogueOpenId(): Promise<Rogue> {
  const server = await listening();
  const [own, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const rogue = { url: server.url, forging: HONEST, close: server.close };
  const nonces = new Map<string, string>();
  const app = new Hono();

  app.get('/.well-known/openid-configuration', (c) =>
    c.json(
      rogue.forging.metadata({
        issuer: server.url,
        authorization_endpoint: `${server.url}/auth`,
        token_endpoint: `${server.url}/token`,
        jwks_uri: `${server.url}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    ),
  );
  app.get('/jwks', async (c) => c.json({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] }));
  app.get('/auth', (c) => {
    const { redirect_uri: back = '', state = '', nonce = '' } = c.req.query();
    const code = crypto.randomUUID();
    nonces.set(code, nonce);
    return c.redirect(`${back}?${new URLSearchParams({ code, state })}`);
  });
  app.post('/token', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const at = Math.floor(Date.now() / 1_000);
    const right = { iss: server.url, sub: 'rogue-1', aud: CLIENT.clientId, iat: at, exp: at + 60, nonce: nonces.get(form.get('code') ?? '') };
    const person = { email: 'rogue@example.com', email_verified: true, name: 'Rogue' };
    const claims = rogue.forging.claims({ ...right, ...person }) as Record<string, unknown>;
    return c.json({ access_token: 'rogue-access-token', token_type: 'Bearer', expires_in: 60, id_token: await signed(claims) });
  });

  function signed(claims: Record<string, unknown>): Promise<string> | string {
    const token = new SignJWT(claims);
    switch (rogue.forging.signed) {
      case 'rightly':
        return token.setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(own.privateKey);
      case 'by_another':
        return token.setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(other.privateKey);
      case 'with_the_secret':
        return token.setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(new TextEncoder().encode(CLIENT.clientSecret));
      case 'not_at_all':
        return new UnsecuredJWT(claims).encode();
    }
  }
  server.answerWith(getRequestListener(app.fetch));
  return Object.assign(rogue, { forging: HONEST });
}

/** The same, but for what is named. */
export const forging = (changes: Partial<Forging>): Forging => ({ ...HONEST, ...changes });
