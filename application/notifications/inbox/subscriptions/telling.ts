import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { Permission } from '#domain/shared/actor.ts';
import { notify, type Telling } from '../notify.ts';
import type { InboxDeps, InboxTx } from '../ports.ts';

/** What others know of what happened; asked inside the subscription's transaction. */
export type Told = {
  order(orderId: string): Promise<{ readonly number: string; readonly restaurant: string; readonly isDelivered: boolean } | undefined>;
  restaurant(restaurantId: string): Promise<string | undefined>;
  /** One that was not deleted. */
  webhook(restaurantId: string, endpointId: string): Promise<{ readonly host: string; readonly isDisabled: boolean } | undefined>;
  /** Who may do something at a restaurant, at most 50 of them. */
  holders(restaurantId: string, permission: Permission): Promise<readonly string[]>;
};
export type TellingTx = Pick<InboxTx, 'notices' | 'preferences' | 'dispatches'> & { readonly told: Told };

type Describe<E> = (event: E, told: Told) => Promise<readonly Omit<Telling, 'key'>[]>;

/** A subscription that tells people of events, each person once for each event. A replay tells nobody. */
export const telling =
  <E extends { readonly type: string; readonly at: number }>(name: string, types: readonly E['type'][], describe: Describe<E>) =>
  ({ ids }: Pick<InboxDeps, 'ids'>): Subscription<TellingTx> => ({
    name,
    types,
    async on(tx, events, isReplay) {
      if (isReplay) return;
      for (const { id, data } of events as readonly RecordedEvent<E>[]) {
        const tellings = await describe(data, tx.told);
        await notify(
          tx,
          tellings.map((one) => ({ ...one, key: id })),
          { ids, at: data.at },
        );
      }
    },
  });
