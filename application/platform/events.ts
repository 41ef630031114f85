import type { RecordedEvent } from '../shared/events.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { Range, RangeReplay } from './range-replays.ts';

export type EventView = RecordedEvent;

/** What somebody looks for in the log; what is absent does not matter. */
export type EventSearch = {
  readonly type?: string | undefined;
  readonly stream?: string | undefined;
  readonly restaurantId?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
};

export type TypeStatistics = { readonly type: string; readonly count: number; readonly lastAt: number };

/** An event that a subscription could not take yet; a parked one waits for a person. */
export type Retry = {
  readonly eventId: string;
  readonly type: string;
  readonly position: string;
  readonly isReplay: boolean;
  readonly attempts: number;
  readonly dueAt: number;
  readonly isParked: boolean;
  readonly lastError: string;
};

export type EventQueries = {
  /** The newest first. */
  search(search: EventSearch, page: PageRequest): Promise<Page<EventView>>;
  find(id: string): Promise<EventView | undefined>;
  /** How many there were of each type since then, by type. */
  statistics(since: number): Promise<readonly TypeStatistics[]>;
  /** In the order of their positions; `after` is the position and, in a replay, `r` behind it. */
  retries(subscription: string, filter: { readonly isParked?: boolean | undefined }, page: PageRequest): Promise<Page<Retry>>;
};

/** What operators do to subscriptions, inside a transaction. */
export type LogControl = {
  knows(subscription: string): boolean;
  /** Parked events get another eight attempts, beginning now: all of them, or those of one event; how many. */
  unpark(subscription: string, eventId?: string): Promise<number>;
  /** A parked event is never handed over again; what it was, or undefined when it is not parked. */
  discard(subscription: string, eventId: string): Promise<{ readonly type: string; readonly position: string } | undefined>;
  /** Begins a replay of what the subscription has had of a range; undefined when that is nothing. */
  replayRange(subscription: string, range: Range, id: string, requestedBy: string): Promise<RangeReplay | undefined>;
};
