import Provider, { type Account } from 'oidc-provider';
import { listening } from './listening.ts';
import { CLIENT, newMood, type Person, type Simulated } from './simulated.ts';

/** A certified OpenID provider in this process, whose people sign in and agree by themselves. */
export async function openIdServer(redirectUri: string, { emailIn = 'token' }: { readonly emailIn?: 'token' | 'userinfo' } = {}): Promise<Simulated> {
  const server = await listening();
  const mood = newMood();
  const people = new Map<string, Person>();
  const tokens: string[] = [];
  const provider = new Provider(server.url, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: emailIn === 'userinfo', // Otherwise the ID token holds them, as Google's does.
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['only-the-tests-know'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    findAccount(_context, accountId): Account {
      const { name, email, isEmailVerified } = people.get(accountId) as Person;
      const claims = { sub: accountId, ...(name !== null && { name }), ...(email !== null && { email, email_verified: isEmailVerified }) };
      return { accountId, claims: () => claims };
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  });
  provider.on('access_token.saved', (token: { readonly jti: string }) => void tokens.push(token.jti));
  provider.on('server_error', () => undefined);

  const callback = provider.callback();
  server.answerWith((request, response) => {
    if (mood.breaks === 'token' && request.url?.startsWith('/token')) return void response.writeHead(503).end();
    if (mood.breaks === 'profile' && request.url?.startsWith('/me')) return void response.writeHead(503).end();
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    void (async () => {
      const { prompt, session, params } = await provider.interactionDetails(request, response);
      if (mood.denies) return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'No, thank you' });
      if (prompt.name === 'login') {
        people.set(mood.person.id, mood.person);
        return provider.interactionFinished(request, response, { login: { accountId: mood.person.id } });
      }
      const grant = new provider.Grant({ accountId: session?.accountId as string, clientId: String(params['client_id']) });
      grant.addOIDCScope('openid email profile');
      return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
    })();
  });
  return { url: server.url, mood, tokens, close: server.close };
}
