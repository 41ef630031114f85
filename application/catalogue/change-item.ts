import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { MenuItem, type MenuItemFacts } from '#domain/catalogue/menu-item.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PricedItem } from './add-item.ts';
import type { CatalogueDeps } from './ports.ts';

export type ChangeItem = {
  readonly restaurantId: string;
  readonly itemId: string;
  readonly changes: Partial<MenuItemFacts>;
  /** The version the caller has seen, when they insist on it. */
  readonly expectedVersion: number | undefined;
};

type Refusal = CatalogueErrorOf<
  | 'catalogue.restaurant_not_found'
  | 'catalogue.item_not_found'
  | 'catalogue.category_not_found'
  | 'catalogue.modifier_group_not_found'
  | 'catalogue.changed_meanwhile'
  | 'catalogue.item_malformed'
  | 'catalogue.hours_malformed'
  | 'catalogue.tax_class_unknown'
>;

export const changeItem =
  ({ uow, restaurants, clock }: Pick<CatalogueDeps, 'uow' | 'restaurants' | 'clock'>) =>
  async ({ restaurantId, itemId, changes, expectedVersion }: ChangeItem, actor: Actor): Promise<Result<PricedItem, Refusal>> => {
    const restaurant = await restaurants.find(restaurantId);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const { categoryId, groupIds } = changes;
    const at = clock.now();

    return uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const item = await tx.items.find(restaurantId, itemId);
      if (!item) return err({ code: 'catalogue.item_not_found', itemId });
      if (categoryId !== undefined && !(await tx.categories.find(restaurantId, categoryId)))
        return err({ code: 'catalogue.category_not_found', categoryId });
      const missing = groupIds ? await tx.groups.missing(restaurantId, groupIds) : [];
      if (missing.length > 0) return err({ code: 'catalogue.modifier_group_not_found', groupIds: missing });

      const changed = MenuItem.change(item, changes, restaurant.taxClasses, expectedVersion, at);
      if (!changed.ok) return changed;

      await tx.items.save([changed.value]);
      return ok({ item: { ...changed.value.state, version: item.version + changed.value.events.length }, currency: restaurant.currency });
    });
  };
