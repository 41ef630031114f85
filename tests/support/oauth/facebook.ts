import { createHmac } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { listening } from './listening.ts';
import { CLIENT, Grants, isOurs, newMood, type Simulated } from './simulated.ts';

const refusal = (message: string, code: number) => ({ error: { message, type: 'OAuthException', code, fbtrace_id: 'AbCdEf' } });

/** Facebook, as its documentation has it: errors are objects, an address may be absent, and nothing says whether it is confirmed. */
export async function facebookSimulator(): Promise<Simulated> {
  const server = await listening();
  const mood = newMood();
  const grants = new Grants();
  const app = new Hono();

  app.get('/:version/dialog/oauth', (c) => {
    const asked = c.req.query();
    if (asked['client_id'] !== CLIENT.clientId || asked['redirect_uri'] === undefined) return c.text('Invalid App ID', 400);
    const back = new URL(asked['redirect_uri']);
    const answer = mood.denies
      ? { error: 'access_denied', error_code: '200', error_description: 'Permissions error', error_reason: 'user_denied' }
      : {
          code: grants.code({
            person: mood.person,
            redirectUri: asked['redirect_uri'],
            challenge: asked['code_challenge'],
            scope: asked['scope'] ?? '',
          }),
        };
    for (const [name, value] of Object.entries({ ...answer, state: asked['state'] ?? '' })) back.searchParams.set(name, value);
    return c.redirect(`${back.href}#_=_`);
  });
  app.on(['GET', 'POST'], '/:version/oauth/access_token', async (c) => {
    if (mood.breaks === 'token') return c.json(refusal('Service temporarily unavailable', 2), 503);
    const form = c.req.method === 'POST' ? new URLSearchParams(await c.req.text()) : new URL(c.req.url).searchParams;
    if (!isOurs(form)) return c.json(refusal('Error validating client secret.', 1), 400);
    const given = grants.redeem(form);
    if (!given) return c.json(refusal('This authorization code has been used.', 100), 400);
    return c.json({ access_token: given.token, token_type: 'bearer', expires_in: 5_183_944 });
  });
  app.get('/:version/me', (c) => {
    const grant = grants.held(c.req.header('authorization'));
    if (!grant) return c.json(refusal('Invalid OAuth access token.', 190), 401);
    if (mood.breaks === 'profile') return c.json(refusal('An unknown error occurred', 1), 500);
    const token = c.req.header('authorization')?.slice('Bearer '.length) ?? '';
    const proof = createHmac('sha256', CLIENT.clientSecret).update(token).digest('hex');
    if (c.req.query('appsecret_proof') !== proof) return c.json(refusal('Invalid appsecret_proof provided in the API argument', 100), 400);
    const { id, name, email } = grant.person;
    const all: Readonly<Record<string, string | null>> = { id, name, email };
    const fields = (c.req.query('fields') ?? 'id,name').split(',');
    return c.json(Object.fromEntries(fields.flatMap((field) => (all[field] ? [[field, all[field]]] : []))));
  });
  server.answerWith(getRequestListener(app.fetch));
  return { url: server.url, mood, tokens: grants.tokens, close: server.close };
}
