import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { Permission } from '#domain/shared/actor.ts';
import { type NotifyTx, notify, type Telling } from '../notify.ts';
import type { InboxDeps } from '../ports.ts';

/** What others know of what happened; asked inside the subscription's transaction. Who and what is not there is left out. */
export type Told = {
  orders(orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderTold>>;
  restaurants(restaurantIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** One that was not deleted. */
  webhook(restaurantId: string, endpointId: string): Promise<{ readonly host: string; readonly isDisabled: boolean } | undefined>;
  /** Who may do something at a restaurant, at most 50 of each. */
  holders(restaurantIds: readonly string[], permission: Permission): Promise<ReadonlyMap<string, readonly string[]>>;
};
export type OrderTold = { readonly number: string; readonly restaurant: string; readonly isDelivered: boolean };
export type TellingTx = NotifyTx & { readonly told: Told };

/** What is told of one event, and to whom. */
export type Tellings = readonly Omit<Telling, 'key' | 'createdAt'>[];
/** Asks for all that a batch is about at once, and answers what is told of each of its events. */
type Describe<E> = (events: readonly E[], told: Told) => Promise<(event: E) => Tellings>;

/** A subscription that tells people of events, each person once for each event. A replay tells nobody. */
export const telling =
  <E extends { readonly type: string; readonly at: number }>(name: string, types: readonly E['type'][], describe: Describe<E>) =>
  ({ ids }: Pick<InboxDeps, 'ids'>): Subscription<TellingTx> => ({
    name,
    types,
    async on(tx, events, isReplay) {
      if (isReplay) return;
      const recorded = events as readonly RecordedEvent<E>[];
      const tellingsOf = await describe(
        recorded.map(({ data }) => data),
        tx.told,
      );
      const tellings = recorded.flatMap(({ id, data }) => tellingsOf(data).map((one) => ({ ...one, key: id, createdAt: data.at })));
      await notify(tx, tellings, ids);
    },
  });
