import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { type AvailabilityState, MenuItem } from '#domain/catalogue/menu-item.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { CatalogueDeps } from './ports.ts';
import { type ItemAvailability, readItemAvailability } from './read-menu.ts';

export type SetItemAvailability = {
  readonly restaurantId: string;
  readonly itemId: string;
  readonly state: AvailabilityState;
  /** How many portions there are to sell, with the state `quantity`; null with the others. */
  readonly quantity: number | null;
};

type Refusal = CatalogueErrorOf<'catalogue.restaurant_not_found' | 'catalogue.item_not_found' | 'catalogue.quantity_malformed'>;

/** Says whether an item can be had, its state and its count together or not at all; answers what is true of it then. */
export const setItemAvailability =
  ({ uow, clock, ...reading }: Pick<CatalogueDeps, 'uow' | 'menus' | 'restaurants' | 'stock' | 'clock'>) =>
  async ({ restaurantId, itemId, state, quantity }: SetItemAvailability, actor: Actor): Promise<Result<ItemAvailability, Refusal>> => {
    const at = clock.now();
    const done = await uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const item = await tx.items.find(restaurantId, itemId);
      if (!item) return err({ code: 'catalogue.item_not_found', itemId });

      const set = MenuItem.setAvailability(item, state, quantity, at);
      if (!set.ok) return set;

      await tx.items.save([set.value]);
      await tx.countdown.set(restaurantId, itemId, item.name, quantity, at);
      return ok(undefined);
    });
    return done.ok ? readItemAvailability({ ...reading, clock })(restaurantId, itemId) : done;
  };
