import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Change } from '#domain/shared/change.ts';
import type { Delivery, DeliveryStatus, SendFault } from '#domain/webhooks/delivery.ts';
import type { Endpoint } from '#domain/webhooks/endpoint.ts';
import type { TargetFault } from '#domain/webhooks/errors.ts';
import type { DeliveryEvent, EndpointEvent } from '#domain/webhooks/events.ts';

export type Endpoints = {
  /** One that is not deleted. */
  find(restaurantId: string, endpointId: string): Promise<Endpoint | undefined>;
  /** How many the restaurant has; no other transaction adds one until this one ends. */
  countForAdding(restaurantId: string): Promise<number>;
  /** All of some restaurants that are not deleted. */
  of(restaurantIds: readonly string[]): Promise<readonly Endpoint[]>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Endpoint, EndpointEvent>): Promise<void>;
  /** Drops those that were deleted and of which no delivery is left; how many. */
  forget(limit: number): Promise<number>;
};

/** Whose deliveries are taken: fair to all endpoints, and patient with none. */
export type DueRequest = {
  readonly at: number;
  readonly limit: number;
  /** How many of one endpoint may be under way; of one that fails, one. */
  readonly perEndpoint: number;
  /** How many are under way already, by endpoint. */
  readonly underWay: Readonly<Record<string, number>>;
  /** The endpoint that was served last: the next ones in line come first. */
  readonly after: string;
};

export type Deliveries = {
  add(changes: readonly Change<Delivery, DeliveryEvent>[]): Promise<void>;
  /** What is to be sent now, the longest waiting of each endpoint first; no other transaction gets it until this one ends. */
  due(request: DueRequest): Promise<readonly { readonly delivery: Delivery; readonly isEnabled: boolean }[]>;
  /** Locks it for this transaction. */
  lock(restaurantId: string, endpointId: string, deliveryId: string): Promise<Delivery | undefined>;
  /** Locks those that failed of what was queued from `from` until before `to`, the oldest first. */
  lockFailed(
    restaurantId: string,
    endpointId: string,
    range: { readonly from: number; readonly to: number },
    limit: number,
  ): Promise<readonly Delivery[]>;
  /** Of one that is locked. */
  save(change: Change<Delivery, DeliveryEvent>): Promise<void>;
  /** Drops what has ended and was queued before; how many. */
  forget(queuedBefore: number, limit: number): Promise<number>;
};

/** The currency of a restaurant's money; partners answers, inside the same transaction. */
export type Currencies = { of(restaurantId: string): Promise<string | undefined> };

export type WebhooksQueries = {
  endpoint(restaurantId: string, endpointId: string): Promise<Endpoint | undefined>;
  endpoints(restaurantId: string, page: PageRequest): Promise<Page<Endpoint>>;
  delivery(restaurantId: string, endpointId: string, deliveryId: string): Promise<Delivery | undefined>;
  deliveries(restaurantId: string, endpointId: string, filter: { readonly status?: DeliveryStatus }, page: PageRequest): Promise<Page<Delivery>>;
  /** How much waits to be sent, and since when its longest waiting has been due; null when nothing is due. */
  backlog(at: number): Promise<{ readonly waiting: number; readonly oldestDueAt: number | null }>;
};

export type OutgoingRequest = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array };
export type Answer = {
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly fault: SendFault | null;
  readonly excerpt: string;
  /** How long the receiver asks us to wait. */
  readonly retryAfterMs: number | null;
};

/** Calls addresses that others chose: never one of our own network, and never for long. */
export type Outgoing = {
  /** What is wrong with an address; undefined when it may be called. */
  faultOf(url: string): Promise<TargetFault | undefined>;
  /** Throws for nothing that an endpoint may do. */
  post(request: OutgoingRequest): Promise<Answer>;
};

/** Makes secrets, and signs with them by Standard Webhooks. */
export type Signatures = {
  mint(): string;
  sign(secret: string, signed: { readonly id: string; readonly seconds: number; readonly body: string }): string;
};
/** Keeps texts unreadable to whoever has the database alone. */
export type Vault = { seal(text: string, owner: string): string; open(sealed: string, owner: string): string };

export type WebhooksTx = { readonly endpoints: Endpoints; readonly deliveries: Deliveries };
export type WebhooksDeps = {
  readonly uow: UnitOfWork<WebhooksTx>;
  readonly queries: WebhooksQueries;
  readonly outgoing: Outgoing;
  readonly signatures: Signatures;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  /** From 0 to 1, so that what failed together does not come back together. */
  readonly chance: () => number;
  readonly log: Log;
};
