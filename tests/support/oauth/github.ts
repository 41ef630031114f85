import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { listening } from './listening.ts';
import { CLIENT, Grants, isOurs, newMood, type Simulated } from './simulated.ts';

/** GitHub, as its documentation has it: OAuth without OpenID, errors with status 200, addresses in a list of their own. */
export async function githubSimulator(): Promise<Simulated> {
  const server = await listening();
  const mood = newMood();
  const grants = new Grants();
  const app = new Hono();

  app.get('/login/oauth/authorize', (c) => {
    const asked = c.req.query();
    if (asked['client_id'] !== CLIENT.clientId || asked['redirect_uri'] === undefined) return c.text('Not Found', 404);
    const back = new URL(asked['redirect_uri']);
    if (mood.denies) {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The user has denied your application access.');
    } else {
      const challenge = asked['code_challenge_method'] === 'S256' ? asked['code_challenge'] : undefined;
      back.searchParams.set('code', grants.code({ person: mood.person, redirectUri: asked['redirect_uri'], challenge, scope: asked['scope'] ?? '' }));
    }
    if (asked['state'] !== undefined) back.searchParams.set('state', asked['state']);
    return c.redirect(back.href);
  });
  app.post('/login/oauth/access_token', async (c) => {
    if (mood.breaks === 'token') return c.text('Unicorn!', 502);
    const form = new URLSearchParams(await c.req.text());
    const given = isOurs(form) ? grants.redeem(form) : undefined;
    const error = isOurs(form) ? 'bad_verification_code' : 'incorrect_client_credentials';
    const answer = given
      ? { access_token: given.token, scope: given.scope.replaceAll(' ', ','), token_type: 'bearer' }
      : { error, error_description: 'The code passed is incorrect or expired.', error_uri: 'https://docs.github.com/apps' };
    return c.req.header('accept')?.includes('json') ? c.json(answer) : c.text(new URLSearchParams(answer).toString());
  });
  app.use('/api/*', async (c, next) => {
    if (c.req.header('user-agent') === undefined) return c.text('Request forbidden by administrative rules.', 403);
    if (!grants.held(c.req.header('authorization'))) return c.json({ message: 'Bad credentials' }, 401);
    return mood.breaks === 'profile' ? c.text('Unicorn!', 503) : next();
  });
  // The address in a profile is whatever its owner wrote there; a test's attacker writes another's.
  app.get('/api/user', (c) => {
    const { id, name } = (grants.held(c.req.header('authorization')) as NonNullable<ReturnType<Grants['held']>>).person;
    return c.json({ login: `user-${id}`, id: Number(id), name, email: 'victim@example.com' });
  });
  app.get('/api/user/emails', (c) => {
    const { person, scope } = grants.held(c.req.header('authorization')) as NonNullable<ReturnType<Grants['held']>>;
    if (!scope.includes('user:email')) return c.json({ message: 'Not Found' }, 404);
    const other = { email: 'other@example.net', primary: false, verified: true, visibility: null };
    return c.json(
      person.email === null ? [other] : [other, { email: person.email, primary: true, verified: person.isEmailVerified, visibility: 'private' }],
    );
  });
  server.answerWith(getRequestListener(app.fetch));
  return { url: server.url, mood, tokens: grants.tokens, close: server.close };
}
