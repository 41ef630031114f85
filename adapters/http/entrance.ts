import type { Context } from 'hono';
import type { Origin } from '#application/shared/ports.ts';
import { type Actor, ANONYMOUS, may, worksAt } from '#domain/shared/actor.ts';
import { type Admission, admit, type Turnstile } from './admission.ts';
import { prefixOf } from './client-address.ts';
import type { Counted } from './limits.ts';
import { type HttpError, httpProblem } from './problem.ts';
import { type Received, receiver } from './request.ts';
import type { AnyRoute, Env } from './route.ts';
import { Id } from './schemas.ts';

/** What the routes ask of those who know. */
export type Doorkeeper = {
  /** Whom a token speaks for when it comes from there; undefined when it proves nothing. */
  authenticate(token: string, origin: Origin): Promise<Actor | undefined>;
  hasRestaurant(restaurantId: string): Promise<boolean>;
  /** Which device or session of ours the texts of an attempt show; undefined for a stranger. */
  recognise(texts: Readonly<Record<string, string>>): Promise<string | undefined>;
};
/** What stands between the socket and a route's handler. */
export type Entrance = {
  readonly doorkeeper: Doorkeeper;
  readonly turnstile: Turnstile;
  originOf(c: Context): Origin;
  /** A name for a text that does not give the text away. */
  veil(text: string): string;
};

type Entered = { readonly actor: Actor; readonly admission: Admission; readonly received: Received };
type Enter = (c: Context<Env>, origin: Origin) => Promise<Entered | Response>;
type Receive = ReturnType<typeof receiver>;

/** Prepares what every request of a route goes through before its handler: who, how often, whether they may, and what they ask. */
export function entering(spec: AnyRoute, entrance: Entrance): Enter {
  const receive = receiver(spec);
  return spec.limiter === 'auth' ? attempting(spec, receive, entrance) : visiting(spec, receive, entrance);
}

/** Counts the request, then asks whether its sender may, and only then reads it. */
const visiting =
  (spec: AnyRoute, receive: Receive, entrance: Entrance): Enter =>
  async (c, origin) => {
    const actor = await actorOf(c, spec, origin, entrance);
    const counted = { ...countedOf(c, spec, origin), actor: await whoCounts(c, spec, origin, actor, entrance) };
    const admission = await admit(entrance.turnstile, counted);
    if (admission.refusal) return tooMany(c, admission);
    told(c, admission);
    const refused = await turnedAway(c, spec, actor, entrance.doorkeeper);
    if (refused) return refused;
    const received = await receive(c);
    return received.ok ? { actor: actor as Actor, admission, received: received.value } : httpProblem(c, received.error);
  };

/** Whom an attempt is about stands in its body, so it is read before it is counted. */
const attempting =
  (spec: AnyRoute, receive: Receive, entrance: Entrance): Enter =>
  async (c, origin) => {
    const actor = await actorOf(c, spec, origin, entrance);
    const received = await receive(c);
    const counted = { ...countedOf(c, spec, origin), actor };
    const admission = await (received.ok
      ? admitAttempt({ ...counted, subject: subjectOf(spec, received.value.input, entrance.veil) }, received.value.input, entrance)
      : admit(entrance.turnstile, { ...counted, limiter: 'general' }));
    if (admission.refusal) return tooMany(c, admission);
    told(c, admission);
    const refused = await turnedAway(c, spec, actor, entrance.doorkeeper);
    if (refused) return refused;
    return received.ok ? { actor: actor as Actor, admission, received: received.value } : httpProblem(c, received.error);
  };

/** Where strangers have used up what their network may try, a device or session that we know has as much again to itself. */
async function admitAttempt(counted: Counted, input: object, { doorkeeper, turnstile }: Entrance): Promise<Admission> {
  const admission = await admit(turnstile, counted);
  if (!admission.refusal) return admission;
  const fields = Object.entries((input as { readonly body?: object }).body ?? {});
  const known = await doorkeeper.recognise(Object.fromEntries(fields.filter(([, value]) => typeof value === 'string')));
  return known === undefined ? admission : admit(turnstile, { ...counted, network: known });
}

const countedOf = (c: Context, { limiter = 'general' }: AnyRoute, { ip }: Origin): Counted => ({
  limiter,
  actor: undefined,
  network: prefixOf(ip),
  restaurantId: c.req.param('restaurantId'),
  subject: undefined,
});

/** Whoever shows who they are is counted as themselves, even where nobody has to. */
async function whoCounts(c: Context, { access, method }: AnyRoute, origin: Origin, actor: Actor | undefined, { doorkeeper, turnstile }: Entrance) {
  const token = access === 'public' && method === 'get' && turnstile.limits.general ? bearerOf(c) : undefined;
  return token === undefined ? actor : doorkeeper.authenticate(token, origin).catch(() => undefined);
}

/** The fields that say whom an attempt is about. */
const SUBJECTS = ['identifier', 'email', 'phone', 'refreshToken', 'token', 'challenge', 'credential'];

/** Whoever guessed too often may still ask for a new password, so what proves nothing is counted apart, by what is asked for. */
function subjectOf({ isProof, countsGuesses, operationId }: AnyRoute, input: object, veil: Entrance['veil']): string | null | undefined {
  if (countsGuesses === true) return null;
  const { body } = input as { readonly body?: Readonly<Record<string, unknown>> };
  const subject = SUBJECTS.map((name) => nameIn(body?.[name])).find((value) => typeof value === 'string');
  if (typeof subject !== 'string') return undefined;
  const name = subject.normalize('NFKC').trim().toLowerCase();
  return veil(isProof === true ? name : `${operationId} ${name}`);
}

/** What a device made says in its `id` which one it is. */
const nameIn = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'id' in value ? value.id : value);

function tooMany(c: Context, { refusal, headers }: Admission): Response {
  const { limit, retryAfterSeconds } = refusal as NonNullable<Admission['refusal']>;
  return httpProblem(c, { code: 'http.too_many_requests', limit, retryAfterSeconds }, headers);
}

const told = (c: Context, { headers }: Admission): void => {
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
};

async function turnedAway(c: Context<Env>, spec: AnyRoute, actor: Actor | undefined, { hasRestaurant }: Doorkeeper): Promise<Response | undefined> {
  if (actor === undefined) {
    const hasToken = c.req.header('authorization') !== undefined;
    return httpProblem(c, { code: 'http.unauthenticated' }, { 'www-authenticate': hasToken ? 'Bearer error="invalid_token"' : 'Bearer' });
  }
  c.set('actor', actor);
  if (spec.access === 'authenticated' && actor.kind === 'api_key') return httpProblem(c, { code: 'http.person_required' });
  const denied = denial(spec, actor, c.req.param());
  if (denied) return httpProblem(c, denied);
  // Who may everywhere may here only if there is a here; a database asked about what is no id would call it a fault.
  const restaurantId = c.req.param('restaurantId') ?? '';
  if (isOfRestaurant(spec) && !(Id.safeParse(restaurantId).success && (await hasRestaurant(restaurantId)))) {
    return httpProblem(c, { code: 'http.not_found' });
  }
  return undefined;
}

const isOfRestaurant = ({ access }: AnyRoute): boolean => typeof access === 'object' && access.in === 'restaurant';

async function actorOf(c: Context, { access }: AnyRoute, origin: Origin, { doorkeeper }: Entrance): Promise<Actor | undefined> {
  // Where everybody may call, nobody is asked who they are: a client renews its session with the old token still in its header.
  if (access === 'public') return ANONYMOUS;
  const token = bearerOf(c);
  return token === undefined ? undefined : doorkeeper.authenticate(token, origin);
}

const bearerOf = (c: Context): string | undefined => /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];

function denial({ access }: AnyRoute, actor: Actor, params: Record<string, string>): HttpError | undefined {
  if (typeof access === 'string' || access.in === 'resource') return undefined;
  const restaurantId = access.in === 'restaurant' ? params['restaurantId'] : undefined;
  if (may(actor, access.permission, restaurantId)) return undefined;
  if (actor.kind === 'account' && actor.withheld === 'second_factor') return { code: 'http.second_factor_required', permission: access.permission };
  // To the staff of another tenant this restaurant's rooms do not exist; to its own staff and to customers they are closed.
  const isForeignStaff = restaurantId !== undefined && 'grants' in actor && actor.grants.length > 0 && !worksAt(actor, restaurantId);
  return isForeignStaff ? { code: 'http.not_found' } : { code: 'http.forbidden', permission: access.permission };
}
