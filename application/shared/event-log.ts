import type { SubscriptionLag } from './events.ts';

/** The log as its operators see it. */
export type EventLog = {
  /** Starts handing events to every subscription. */
  start(): Promise<void>;
  /** Stops after the batches under way. */
  stop(): Promise<void>;
  lag(): Promise<readonly SubscriptionLag[]>;
  /** Hands a subscription all it has had again, as a replay; what it has not had yet comes live, after that. False when there is none of that name. */
  replay(name: string): Promise<boolean>;
  /** Gives the parked events of a subscription another eight attempts; how many there were. */
  unpark(name: string): Promise<number>;
  /** Resolves when every subscription has seen what was committed before the call. */
  settle(): Promise<void>;
};
