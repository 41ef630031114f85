import { CATEGORIES_MAX, Category, type CategoryFacts } from '#domain/catalogue/category.ts';
import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { positionAfter } from '#domain/catalogue/name.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { CatalogueDeps } from './ports.ts';

export type AddCategory = {
  readonly restaurantId: string;
  /** Without a position it comes last. */
  readonly category: Omit<CategoryFacts, 'position'> & { readonly position: number | undefined };
};

type Refusal = CatalogueErrorOf<
  | 'catalogue.restaurant_not_found'
  | 'catalogue.menu_full'
  | 'catalogue.name_malformed'
  | 'catalogue.position_malformed'
  | 'catalogue.hours_malformed'
  | 'catalogue.category_name_taken'
>;

export const addCategory =
  ({ uow, restaurants, clock, ids }: Pick<CatalogueDeps, 'uow' | 'restaurants' | 'clock' | 'ids'>) =>
  async ({ restaurantId, category }: AddCategory, actor: Actor): Promise<Result<Category, Refusal>> => {
    if (!(await restaurants.find(restaurantId))) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const id = ids.next();
    const at = clock.now();

    return uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const others = await tx.categories.live(restaurantId);
      if (others.length >= CATEGORIES_MAX) return err({ code: 'catalogue.menu_full', kind: 'categories', limit: CATEGORIES_MAX });

      const last = others.reduce<number | null>((most, { position }) => Math.max(position, most ?? 0), null);
      const added = Category.add(id, restaurantId, { ...category, position: category.position ?? positionAfter(last) }, others, at);
      if (!added.ok) return added;

      await tx.categories.save([added.value]);
      return ok({ ...added.value.state, version: added.value.events.length });
    });
  };
