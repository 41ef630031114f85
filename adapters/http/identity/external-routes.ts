import { parse } from 'hono/utils/cookie';
import { z } from 'zod';
import type { External } from '#application/identity/external/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { SIGNED_IN_EXAMPLE } from './examples.ts';
import { BEGUN_EXAMPLE, BeginFields, BeginView, CHALLENGE_EXAMPLE, CODE_EXAMPLE, CodeFields, Provider } from './external-inputs.ts';
import { EXTERNAL_FAILURES, externalPage } from './external-page.ts';
import { Secret } from './inputs.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { LoginView, loginView } from './views.ts';

const COOKIE_SECONDS = 600;
/** What a provider may have a browser bring. What stands twice is nothing of ours, and neither is what is not text. */
const Brought = z.union([z.string().max(4_096), z.array(z.string())]).optional();
const CallbackQuery = z.looseObject({
  state: Brought.meta({ description: 'What we had the browser take along.' }),
  code: Brought.meta({ description: 'What the provider proves the person by.' }),
  iss: Brought.meta({ description: 'Which provider it is (RFC 9207).' }),
  error: Brought.meta({ description: 'Instead of a code: why there is none.' }),
});
const CookieHeader = z.object({
  cookie: z.string().max(8_192).optional().catch(undefined).meta({ description: 'What the browser was given at the start.' }),
});
const Moved = z.object({ location: z.string(), cookie: z.string().optional() });
const Text = { type: 'text/plain; charset=utf-8', text: () => 'See Location.' };

const FAILURES = EXTERNAL_FAILURES.map((code) => `\`${code}\``).join(', ');

/** Signing in through another provider: an app begins, the browser goes there and back, and the app fetches what came of it. */
export const externalRoutes = (external: External, publicUrl: string): readonly AnyRoute[] => {
  const isSecure = publicUrl.startsWith('https:');
  /** One for each way to a provider, so that two tabs do not stand in each other's way. `__Host-` binds it to this very host. */
  const cookieOf = (state: string): string => `${isSecure ? '__Host-' : ''}thali-external-${state.slice(0, 8)}`;
  const cookie = (state: string, value: string, seconds: number): string =>
    `${cookieOf(state)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  const leave = ({ location, cookie: set }: z.output<typeof Moved>) => ({ location, ...(set !== undefined && { 'set-cookie': set }) });

  return [
    route({
      method: 'get',
      path: '/auth/providers',
      operationId: 'providers',
      tag: 'Identity',
      summary: 'Through whom people may sign in',
      description: 'Those that this installation is configured for; there are no others.',
      access: 'public',
      status: 200,
      response: z.object({ data: z.array(z.object({ provider: z.string(), title: z.string() })), next: z.null() }),
      example: { response: { data: [{ provider: 'google', title: 'Google' }], next: null } },
      problems: {},
      handle: async () => ok({ data: [...external.providers()], next: null }),
    }),
    route({
      method: 'post',
      path: '/auth/external/{provider}',
      operationId: 'beginExternalSignIn',
      tag: 'Identity',
      summary: 'Begin to sign in through another provider',
      description:
        'In four steps. The app makes up a `verifier` of chance, keeps it, and gives its SHA-256 (base64url) as `challenge` here. It sends the browser to the `url` of the answer, ' +
        'which holds once. The browser comes back to `returnTo` in that app with `#code=` in its address, or with `?error=` and a code that says what to do: ' +
        `${FAILURES}. Within two minutes the app gives code and verifier to POST /auth/external: until then nobody is signed in.`,
      access: 'public',
      params: z.object({ provider: Provider }),
      body: z.strictObject(BeginFields),
      status: 201,
      response: BeginView,
      example: { body: { challenge: CHALLENGE_EXAMPLE, app: 'customers', returnTo: '/welcome' }, response: BEGUN_EXAMPLE },
      problems: pick(IDENTITY_PROBLEMS, 'identity.provider_unknown', 'identity.return_to_refused'),
      async handle({ params, body }) {
        const begun = await external.beginSignIn({ ...params, ...body });
        return begun.ok ? ok({ url: begun.value.url, expiresIn: begun.value.expiresInSeconds }) : begun;
      },
    }),
    route({
      method: 'get',
      path: '/auth/external/start',
      operationId: 'startExternal',
      tag: 'Identity',
      summary: 'Go to the provider',
      description:
        'For browsers, not for programs: the address that beginning answered with. It ties the rest of the way to this browser with a cookie, and sends it on.',
      access: 'public',
      query: z.object({ ticket: Secret.meta({ example: CODE_EXAMPLE.code }) }),
      status: 303,
      response: Moved,
      produces: Text,
      example: { response: { location: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=thali' } },
      problems: {},
      replyHeaders: leave,
      async handle({ query }) {
        const next = await external.departFor(query.ticket);
        return ok({ location: next.location, ...('state' in next && { cookie: cookie(next.state, next.browser, COOKIE_SECONDS) }) });
      },
    }),
    route({
      method: 'get',
      path: '/auth/external/{provider}/callback',
      operationId: 'returnFromProvider',
      tag: 'Identity',
      summary: 'Come back from the provider',
      description: `For browsers. Whatever became of it, the browser goes on to the app that began: with \`#code=\`, or with \`?error=\` and one of ${FAILURES}.`,
      access: 'public',
      params: z.object({ provider: Provider }),
      query: CallbackQuery,
      headers: CookieHeader,
      status: 303,
      response: Moved,
      produces: Text,
      example: { response: { location: `https://eat.example.com/welcome#code=${CODE_EXAMPLE.code}` } },
      problems: pick(IDENTITY_PROBLEMS, 'identity.provider_unknown'),
      replyHeaders: leave,
      async handle({ params, query, headers }) {
        const state = typeof query.state === 'string' ? query.state : undefined;
        const browser = state === undefined ? undefined : parse(headers.cookie ?? '', cookieOf(state))[cookieOf(state)];
        const brought = Object.entries(query).flatMap(([name, value]) => [value].flat().map((text): [string, string] => [name, String(text)]));
        const back = await external.comeBack({ ...params, query: new URLSearchParams(brought).toString(), state, browser });
        if (!back.ok) return back;
        return ok({ location: back.value.location, ...(state !== undefined && browser !== undefined && { cookie: cookie(state, '', 0) }) });
      },
    }),
    route({
      method: 'post',
      path: '/auth/external',
      operationId: 'signInExternally',
      tag: 'Identity',
      summary: 'Sign in with what the provider said',
      description:
        'Answers what POST /auth/login answers: tokens, or the challenge of a second factor. Whoever comes for the first time gets an account. Somebody who has one under the same address is joined ' +
        'with it if both the provider and we know that they read its mail; if only the provider knows, the account is theirs and what a stranger had put into it (password, sessions, passkeys) is gone.',
      access: 'public',
      limiter: 'auth',
      isProof: true,
      body: z.strictObject({ ...CodeFields, deviceToken: Secret.optional() }),
      status: 200,
      response: LoginView,
      example: { body: CODE_EXAMPLE, response: SIGNED_IN_EXAMPLE },
      problems: pick(
        IDENTITY_PROBLEMS,
        'identity.external_code_invalid',
        'identity.external_email_missing',
        'identity.external_email_unproven',
        'identity.too_many_external_identities',
        'identity.email_not_verified',
      ),
      async handle({ body }, { actor, origin }) {
        const answer = await external.signIn(body, actor, origin);
        return answer.ok ? ok(loginView(answer.value)) : answer;
      },
    }),
    route({
      method: 'get',
      path: '/external-sign-in',
      operationId: 'externalPage',
      tag: 'Identity',
      summary: 'Where browsers end up without an app',
      description: 'A page for people, in installations whose apps are not configured: it says what became of it.',
      access: 'public',
      query: z.object({ error: z.enum(EXTERNAL_FAILURES).optional().catch(undefined) }),
      status: 200,
      response: z.string(),
      isPage: true,
      example: { response: '<!doctype html><html lang="en">…</html>' },
      problems: {},
      handle: async ({ query }) => ok(String(externalPage(query.error))),
    }),
  ];
};
