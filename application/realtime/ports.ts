import type { Log } from '#application/shared/ports.ts';
import type { Viewer } from '#domain/realtime/policy.ts';
import type { Moment } from '#domain/realtime/timeline.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { DiningOption } from '#domain/shared/dining.ts';

/** A place in the stream of a channel. Another epoch is another stream: what was known of the first says nothing of it. */
export type Position = { readonly epoch: string; readonly offset: number };
/** `data` is JSON, as it goes out. */
export type Publication = { readonly offset: number; readonly data: string };

/** What every node hears of a channel that it listens to, in the order it happened. */
export type Heard =
  | { readonly kind: 'publication'; readonly epoch: string; readonly publication: Publication }
  /** What is kept nowhere: who missed it has missed nothing. */
  | { readonly kind: 'signal'; readonly push: string };

/** The part of a stream behind a position; `isComplete` only if nothing between that and the end is missing. */
export type Stretch = { readonly position: Position; readonly publications: readonly Publication[]; readonly isComplete: boolean };

/** The broker does not answer. What was asked may or may not have happened; to publish again under the same key is safe. */
export class BrokerAway extends Error {
  override readonly name = 'BrokerAway';
}

/** Carries messages to every node that listens, and keeps the last of each channel for those who were away. */
export type Broker = {
  /** Appends to a channel's stream. The second of two under one key changes nothing. Rejects with BrokerAway. */
  publish(channel: string, data: string, key: string): Promise<Position>;
  /** Tells those who listen at this moment, best effort. */
  signal(channel: string, push: string): Promise<void>;
  /** Once it has answered, everything that is published on the channel from then on is heard, until `ignore`. Rejects with BrokerAway. */
  listen(channel: string): Promise<void>;
  ignore(channel: string): void;
  /** What came after a position, oldest first; without one, nothing but where the stream ends. Rejects with BrokerAway. */
  since(channel: string, position?: Position): Promise<Stretch>;
  /** The newest or, in reverse, of the whole stream that is kept, at most `limit`; after `since` if it is given. Rejects with BrokerAway. */
  page(
    channel: string,
    request: { readonly limit: number; readonly isReverse: boolean; readonly since?: Position },
  ): Promise<Omit<Stretch, 'isComplete'>>;
  /** Where what is heard goes. `interrupted`: something may have been missed on any channel. */
  attach(ears: Ears): void;
  close(): Promise<void>;
};
export type Ears = { hear(channel: string, heard: Heard): void; interrupted(): void };

export type Member = { readonly clientId: string; readonly userId: string };
/** Who follows a channel right now, on all nodes. Two tabs are two clients and one user. */
export type Presence = {
  /** True when it is the user's first client in the channel. */
  enter(channel: string, member: Member): Promise<boolean>;
  /** True when it was the user's last. */
  leave(channel: string, member: Member): Promise<boolean>;
  /** Keeps clients from being taken for gone. Whose node died is gone after a minute; the answer is users whose last client went so. */
  keep(channel: string, members: readonly Member[]): Promise<readonly Member[]>;
  members(channel: string): Promise<readonly Member[]>;
};

/** What a token says while it is good. */
export type Passport = { readonly viewer: Exclude<Viewer, { readonly kind: 'anonymous' }>; readonly expiresAt: number };
/** Tells who holds a token, and what became of them. */
export type Passports = {
  read(token: string): Promise<Passport | 'expired' | 'invalid'>;
  /** What a session may do right now; undefined when it has ended. */
  standing(sessionId: string): Promise<Actor | undefined>;
};

/** Whose an order is; ordering answers. */
export type OrderParties = { find(orderId: string): Promise<{ readonly customerId: string; readonly restaurantId: string } | undefined> };
/** Whether there is such a restaurant; partners answers. */
export type KnownRestaurants = { exists(restaurantId: string): Promise<boolean> };
/** Who takes part in a conversation and how far they have read; whoever keeps conversations answers. */
export type Conversations = {
  isMember(threadId: string, actor: Actor): Promise<boolean>;
  /** Keeps how far somebody has read. */
  markRead(threadId: string, actor: Actor, seq: number): Promise<void>;
};

export type RealtimeDeps = {
  readonly broker: Broker;
  readonly presence: Presence;
  readonly passports: Passports;
  readonly orders: OrderParties;
  readonly restaurants: KnownRestaurants;
  readonly conversations: Conversations;
  readonly log: Log;
};

/** An order as whoever holds its link may see it: nobody's name, address or number. */
export type TrackedOrder = {
  readonly restaurantId: string;
  readonly restaurantName: string;
  readonly customerId: string;
  readonly number: number;
  readonly diningOption: DiningOption;
  readonly lines: readonly { readonly name: string; readonly quantity: number }[];
  readonly placedAt: number;
  readonly scheduledFor: number | null;
  readonly timeZone: string;
  readonly history: readonly Moment[];
  readonly reason: string | null;
};
export type TrackedOrders = { find(orderId: string): Promise<TrackedOrder | undefined> };

/** Texts that prove that somebody was given the link to one order. They are computed, so none is kept. */
export type TrackingLinks = {
  issue(orderId: string, expiresAt: number): string;
  /** What a text of ours says, expired or not; undefined for every other. */
  read(token: string): { readonly orderId: string; readonly expiresAt: number } | undefined;
};
