import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { ITEMS_MAX, MenuItem, type MenuItemFacts } from '#domain/catalogue/menu-item.ts';
import { positionAfter } from '#domain/catalogue/name.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { CatalogueDeps } from './ports.ts';

export type AddItem = {
  readonly restaurantId: string;
  /** Without a position it comes last in its category. */
  readonly item: Omit<MenuItemFacts, 'position'> & { readonly position: number | undefined };
};
/** An item with the currency its prices are in. */
export type PricedItem = { readonly item: MenuItem; readonly currency: string };

type Refusal = CatalogueErrorOf<
  | 'catalogue.restaurant_not_found'
  | 'catalogue.category_not_found'
  | 'catalogue.modifier_group_not_found'
  | 'catalogue.menu_full'
  | 'catalogue.item_malformed'
  | 'catalogue.hours_malformed'
  | 'catalogue.tax_class_unknown'
>;

export const addItem =
  ({ uow, restaurants, clock, ids }: Pick<CatalogueDeps, 'uow' | 'restaurants' | 'clock' | 'ids'>) =>
  async ({ restaurantId, item: draft }: AddItem, actor: Actor): Promise<Result<PricedItem, Refusal>> => {
    const restaurant = await restaurants.find(restaurantId);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const { categoryId, groupIds } = draft;
    const id = ids.next();
    const at = clock.now();

    return uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      if (!(await tx.categories.find(restaurantId, categoryId))) return err({ code: 'catalogue.category_not_found', categoryId });
      const missing = await tx.groups.missing(restaurantId, groupIds);
      if (missing.length > 0) return err({ code: 'catalogue.modifier_group_not_found', groupIds: missing });
      const { live, lastPosition } = await tx.items.tally(restaurantId, categoryId);
      if (live >= ITEMS_MAX) return err({ code: 'catalogue.menu_full', kind: 'items', limit: ITEMS_MAX });

      const facts = { ...draft, position: draft.position ?? positionAfter(lastPosition) };
      const added = MenuItem.add({ id, restaurantId, facts }, restaurant.taxClasses, at);
      if (!added.ok) return added;

      await tx.items.save([added.value]);
      return ok({ item: { ...added.value.state, version: added.value.events.length }, currency: restaurant.currency });
    });
  };
