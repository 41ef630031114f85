import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { WebhooksErrorOf } from './errors.ts';
import type { DeliveryEvent, DeliveryFailure } from './events.ts';
import { ATTEMPTS_MAX, waitAfter } from './schedule.ts';

/** Whoever took a delivery to send it has this long; then its process is taken to be gone. */
export const LEASE_MS = 60_000;
/** Standard Webhooks asks for less than 20 KB. */
export const BODY_MAX_BYTES = 20_000;
export const REPLAYS_MAX = 20;
/** Attempts are remembered with what was answered, the newest of them. */
export const HISTORY_MAX = 10;
export const EXCERPT_MAX = 500;

const NEXT = {
  waiting: ['sending', 'failed'],
  sending: ['sending', 'waiting', 'succeeded', 'failed'],
  succeeded: ['waiting'],
  failed: ['waiting'],
} as const satisfies Record<string, readonly string[]>;
export type DeliveryStatus = keyof typeof NEXT;
export const DELIVERY_NEXT: Readonly<Record<DeliveryStatus, readonly DeliveryStatus[]>> = NEXT;
export const DELIVERY_STATUSES = Object.keys(NEXT) as readonly DeliveryStatus[];

/** Why an attempt brought no answer. `blocked` is an address that we do not call, `secret_unreadable` a secret sealed with a key we have no more. */
export const SEND_FAULTS = ['timeout', 'connection', 'tls', 'dns', 'blocked', 'secret_unreadable'] as const;
export type SendFault = (typeof SEND_FAULTS)[number];

export type Attempt = {
  readonly at: number;
  readonly durationMs: number;
  /** Null when there was no answer. */
  readonly statusCode: number | null;
  readonly fault: SendFault | null;
  /** The beginning of what was answered, where that was text. */
  readonly excerpt: string;
};

/** One event for one endpoint. Its id is what receivers know it by, however often it is sent. */
export type Delivery = {
  readonly id: string;
  readonly restaurantId: string;
  readonly endpointId: string;
  /** The event of the log that it tells of; a test tells of none. */
  readonly eventId: string | null;
  readonly eventType: string;
  /** Every byte that is sent and signed. */
  readonly body: string;
  readonly status: DeliveryStatus;
  /** Why nothing more is tried, once it has failed. */
  readonly failure: DeliveryFailure | null;
  /** Since it was queued, or replayed last. */
  readonly attempts: number;
  /** How often it was ever taken: whoever settles it says which of these they are. */
  readonly claims: number;
  readonly replays: number;
  /** The newest first. */
  readonly history: readonly Attempt[];
  /** When it is to be tried, or taken from whoever has not come back with it. */
  readonly dueAt: number;
  readonly queuedAt: number;
  readonly version: number;
};
export type DeliveryDraft = Pick<Delivery, 'id' | 'restaurantId' | 'endpointId' | 'eventId' | 'eventType' | 'body'>;
type Changed = Change<Delivery, DeliveryEvent>;

const FRESH = { failure: null, attempts: 0, claims: 0, replays: 0, history: [], version: 0 } as const;

function queue(draft: DeliveryDraft, at: number): Changed {
  const state: Delivery = { ...draft, ...FRESH, status: 'waiting', dueAt: at, queuedAt: at };
  return { state, events: [{ type: 'webhooks.delivery_queued', ...idsOf(state), at }] };
}

/** What an endpoint that we disabled would have been sent, kept so that it can be replayed once it works again. */
function miss(draft: DeliveryDraft, at: number): Changed {
  return failed({ ...draft, ...FRESH, status: 'waiting', dueAt: at, queuedAt: at }, 'endpoint_disabled', at);
}

/** Takes what is due in order to send it. A test is sent to an endpoint that is disabled as well. */
function claim(delivery: Delivery, isEnabled: boolean, at: number): Changed {
  if (!isEnabled && !isTest(delivery)) return failed(delivery, 'endpoint_disabled', at);
  if (delivery.attempts >= attemptsMax(delivery)) return failed(delivery, 'abandoned', at);
  const taken = { ...delivery, attempts: delivery.attempts + 1, claims: delivery.claims + 1, dueAt: at + LEASE_MS };
  return { state: moveTo(taken, 'sending'), events: [] };
}

/** What became of an attempt. Undefined when it was taken from whoever asks, whose word counts no longer. */
function settle(
  delivery: Delivery,
  claimed: number,
  attempt: Attempt & { readonly retryAfterMs: number | null },
  chance: number,
): Changed | undefined {
  if (delivery.status !== 'sending' || delivery.claims !== claimed) return undefined;
  const { retryAfterMs, ...told } = attempt;
  const state = { ...delivery, history: [told, ...delivery.history].slice(0, HISTORY_MAX) };
  const at = attempt.at + attempt.durationMs;
  if (isAccepted(attempt)) {
    const { attempts } = delivery;
    return { state: moveTo(state, 'succeeded'), events: [{ type: 'webhooks.delivery_succeeded', ...idsOf(delivery), attempts, at }] };
  }
  if (isGone(attempt)) return failed(state, 'gone', at);
  const wait = isTest(delivery) ? undefined : waitAfter(delivery.attempts, retryAfterMs, chance);
  if (wait === undefined) return failed(state, 'exhausted', at);
  return { state: moveTo({ ...state, dueAt: at + wait }, 'waiting'), events: [] };
}

/** Sends the same again, under the same id, with all its attempts before it. */
function replay(delivery: Delivery, at: number): Result<Changed, WebhooksErrorOf<'webhooks.delivery_under_way' | 'webhooks.too_many_replays'>> {
  const allowed: readonly DeliveryStatus[] = NEXT[delivery.status];
  if (!allowed.includes('waiting') || delivery.status === 'sending')
    return err({ code: 'webhooks.delivery_under_way', deliveryStatus: delivery.status });
  if (delivery.replays >= REPLAYS_MAX) return err({ code: 'webhooks.too_many_replays', limit: REPLAYS_MAX });
  const replays = delivery.replays + 1;
  const state = moveTo({ ...delivery, failure: null, attempts: 0, replays, dueAt: at }, 'waiting');
  return ok({ state, events: [{ type: 'webhooks.delivery_replayed', ...idsOf(delivery), replays, at }] });
}

function failed(delivery: Delivery, failure: DeliveryFailure, at: number): Changed {
  const { attempts } = delivery;
  return {
    state: moveTo({ ...delivery, failure }, 'failed'),
    events: [{ type: 'webhooks.delivery_failed', ...idsOf(delivery), attempts, failure, at }],
  };
}

function moveTo(delivery: Delivery, status: DeliveryStatus): Delivery {
  const allowed: readonly DeliveryStatus[] = NEXT[delivery.status];
  invariant(allowed.includes(status), `a delivery that is ${delivery.status} cannot become ${status}`);
  return { ...delivery, status };
}

const idsOf = ({ id: deliveryId, endpointId, restaurantId, eventType }: Delivery) => ({ deliveryId, endpointId, restaurantId, eventType });
const isTest = ({ eventId }: Pick<Delivery, 'eventId'>): boolean => eventId === null;
const attemptsMax = (delivery: Delivery): number => (isTest(delivery) ? 1 : ATTEMPTS_MAX);
const isAccepted = ({ statusCode }: Pick<Attempt, 'statusCode'>): boolean => statusCode !== null && statusCode >= 200 && statusCode < 300;
const isGone = ({ statusCode }: Pick<Attempt, 'statusCode'>): boolean => statusCode === 410;

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(delivery: Delivery): Delivery {
  const { id, status, failure, attempts, claims, replays, history, body } = delivery;
  invariant(status in NEXT, `unknown status ${status}`);
  invariant((status === 'failed') === (failure !== null), `delivery ${id} says why it failed`);
  invariant(attempts >= 0 && attempts <= attemptsMax(delivery) && attempts <= claims, `delivery ${id} counts its attempts`);
  invariant(replays >= 0 && replays <= REPLAYS_MAX && history.length <= HISTORY_MAX, `delivery ${id} has an end`);
  invariant(
    history.every(({ excerpt }) => excerpt.length <= EXCERPT_MAX),
    `delivery ${id} keeps the beginning of an answer only`,
  );
  invariant(new TextEncoder().encode(body).length <= BODY_MAX_BYTES, `delivery ${id} is small`);
  return delivery;
}

export const Delivery = { queue, miss, claim, settle, replay, isTest, isAccepted, isGone, check };
