import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { WebhooksErrorOf } from './errors.ts';
import { EVENT_TYPES_MAX, EventTypes } from './event-types.ts';
import { DISABLE_REASONS, type DisableReason, type EndpointEvent } from './events.ts';

export const ENDPOINTS_MAX = 20;
export const URL_MAX = 2_000;
export const DESCRIPTION_MAX = 200;
const HOUR_MS = 3_600_000;
/** An endpoint that only failed for so long is disabled: as long as one delivery is tried. */
export const FAILING_MS = 72 * HOUR_MS;
export const OVERLAP_MAX_HOURS = 168;
/** How long what was to be sent is remembered. */
export const KEPT_MS = 30 * 24 * HOUR_MS;

const NEXT = { enabled: ['disabled', 'deleted'], disabled: ['enabled', 'deleted'], deleted: [] } as const satisfies Record<string, readonly string[]>;
export type EndpointStatus = keyof typeof NEXT;
export const ENDPOINT_STATUSES = Object.keys(NEXT) as readonly EndpointStatus[];

/** What deliveries are signed with, sealed. */
export type EndpointSecret = {
  readonly sealed: string;
  /** When it signs no longer; null for the current one. */
  readonly endsAt: number | null;
};

/** Where a restaurant wants to be told of what happens. */
export type Endpoint = {
  readonly id: string;
  readonly restaurantId: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
  readonly status: EndpointStatus;
  readonly disabledFor: DisableReason | null;
  /** Since when every attempt has failed; null while it works. */
  readonly failingSince: number | null;
  /** The current one, then the one before it while that still signs. None once it is deleted. */
  readonly secrets: readonly EndpointSecret[];
  readonly createdAt: number;
  readonly version: number;
};
export type EndpointDraft = Pick<Endpoint, 'id' | 'restaurantId' | 'url' | 'description' | 'eventTypes'> & { readonly sealedSecret: string };
export type EndpointChanges = Partial<Pick<Endpoint, 'url' | 'description' | 'eventTypes'>>;
type Changed = Change<Endpoint, EndpointEvent>;

/** `others` is how many the restaurant has. */
function add(
  { sealedSecret, ...draft }: EndpointDraft,
  others: number,
  at: number,
): Result<Changed, WebhooksErrorOf<'webhooks.too_many_endpoints' | 'webhooks.event_type_unknown'>> {
  if (others >= ENDPOINTS_MAX) return err({ code: 'webhooks.too_many_endpoints', limit: ENDPOINTS_MAX });
  const eventTypes = EventTypes.parse(draft.eventTypes);
  if (!eventTypes.ok) return eventTypes;
  const secrets = [{ sealed: sealedSecret, endsAt: null }];
  const fresh = { status: 'enabled', disabledFor: null, failingSince: null, secrets, createdAt: at, version: 0 } as const;
  const state: Endpoint = { ...draft, ...fresh, eventTypes: eventTypes.value };
  return ok({ state, events: [{ type: 'webhooks.endpoint_added', ...idsOf(state), ...shownOf(state), at }] });
}

/** `expected` is the version the caller has seen; undefined when they do not care. */
function change(
  endpoint: Endpoint,
  changes: EndpointChanges,
  expected: number | undefined,
  at: number,
): Result<Changed, WebhooksErrorOf<'webhooks.changed_meanwhile' | 'webhooks.event_type_unknown'>> {
  if (expected !== undefined && expected !== endpoint.version) return err({ code: 'webhooks.changed_meanwhile', version: endpoint.version });
  const eventTypes = EventTypes.parse(changes.eventTypes ?? endpoint.eventTypes);
  if (!eventTypes.ok) return eventTypes;
  const state = { ...endpoint, ...changes, eventTypes: eventTypes.value };
  return ok({ state, events: [{ type: 'webhooks.endpoint_changed', ...idsOf(state), ...shownOf(state), at }] });
}

function enable(endpoint: Endpoint, at: number): Result<Changed, WebhooksErrorOf<'webhooks.illegal_transition'>> {
  const moved = moveTo({ ...endpoint, disabledFor: null, failingSince: null }, endpoint.status, 'enabled');
  return moved.ok ? ok({ state: moved.value, events: [{ type: 'webhooks.endpoint_enabled', ...idsOf(endpoint), at }] }) : moved;
}

function disable(endpoint: Endpoint, reason: DisableReason, at: number): Result<Changed, WebhooksErrorOf<'webhooks.illegal_transition'>> {
  const moved = moveTo({ ...endpoint, disabledFor: reason }, endpoint.status, 'disabled');
  return moved.ok ? ok({ state: moved.value, events: [{ type: 'webhooks.endpoint_disabled', ...idsOf(endpoint), reason, at }] }) : moved;
}

/** Its secrets go at once. */
function remove(endpoint: Endpoint, at: number): Result<Changed, WebhooksErrorOf<'webhooks.illegal_transition'>> {
  const moved = moveTo({ ...endpoint, disabledFor: null, failingSince: null, secrets: [] }, endpoint.status, 'deleted');
  return moved.ok ? ok({ state: moved.value, events: [{ type: 'webhooks.endpoint_deleted', ...idsOf(endpoint), at }] }) : moved;
}

/** The secret there was signs beside the new one until the overlap ends; one that was older signs no more. */
function rotate(endpoint: Endpoint, sealedSecret: string, overlapHours: number, at: number): Changed {
  const oldEndsAt = at + overlapHours * HOUR_MS;
  const [current] = endpoint.secrets;
  const secrets = [{ sealed: sealedSecret, endsAt: null }, ...(current && overlapHours > 0 ? [{ ...current, endsAt: oldEndsAt }] : [])];
  return { state: { ...endpoint, secrets }, events: [{ type: 'webhooks.secret_rotated', ...idsOf(endpoint), oldEndsAt, at }] };
}

/** What an attempt says of the endpoint; undefined when that is nothing new. */
function observe(endpoint: Endpoint, outcome: 'accepted' | 'refused' | 'gone', at: number): Changed | undefined {
  if (endpoint.status !== 'enabled') return undefined;
  if (outcome === 'accepted') {
    if (endpoint.failingSince === null) return undefined;
    return { state: { ...endpoint, failingSince: null }, events: [{ type: 'webhooks.endpoint_recovered', ...idsOf(endpoint), at }] };
  }
  const isOver = endpoint.failingSince !== null && at - endpoint.failingSince >= FAILING_MS;
  if (outcome === 'gone' || isOver) {
    const disabled = disable({ ...endpoint, failingSince: endpoint.failingSince ?? at }, outcome === 'gone' ? 'gone' : 'failing', at);
    return disabled.ok ? disabled.value : undefined;
  }
  if (endpoint.failingSince !== null) return undefined;
  return { state: { ...endpoint, failingSince: at }, events: [{ type: 'webhooks.endpoint_failing', ...idsOf(endpoint), at }] };
}

function moveTo(state: Endpoint, from: EndpointStatus, to: EndpointStatus): Result<Endpoint, WebhooksErrorOf<'webhooks.illegal_transition'>> {
  const allowed: readonly EndpointStatus[] = NEXT[from];
  return allowed.includes(to) ? ok({ ...state, status: to }) : err({ code: 'webhooks.illegal_transition', from, to });
}

const idsOf = ({ id: endpointId, restaurantId }: Endpoint) => ({ endpointId, restaurantId });
const shownOf = ({ url, eventTypes }: Endpoint) => ({ host: new URL(url).host, eventTypes });

/** What signs at a moment, the current secret first. */
const signing = ({ secrets }: Endpoint, at: number): readonly EndpointSecret[] => secrets.filter(({ endsAt }) => endsAt === null || at < endsAt);
/** Whether what happens is kept for it: for some weeks also after we have disabled it, so that it can be replayed. */
const collects = ({ status, disabledFor, failingSince }: Endpoint, at: number): boolean =>
  status === 'enabled' || (disabledFor === 'failing' && failingSince !== null && at - failingSince < KEPT_MS);

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(endpoint: Endpoint): Endpoint {
  const { id, status, disabledFor, secrets, eventTypes } = endpoint;
  invariant(status in NEXT, `unknown status ${status}`);
  invariant((status === 'disabled') === (disabledFor !== null), `endpoint ${id} says why it is disabled`);
  invariant(disabledFor === null || DISABLE_REASONS.includes(disabledFor), `endpoint ${id} is disabled for a reason there is not`);
  invariant((status === 'deleted') === (secrets.length === 0) && secrets.length <= 2, `endpoint ${id} has its secrets`);
  invariant(
    secrets.every(({ endsAt }, i) => (i === 0) === (endsAt === null)),
    `one secret of endpoint ${id} is current`,
  );
  invariant(eventTypes.length > 0 && eventTypes.length <= EVENT_TYPES_MAX, `endpoint ${id} wants something`);
  return endpoint;
}

export const Endpoint = { add, change, enable, disable, remove, rotate, observe, signing, collects, check };
