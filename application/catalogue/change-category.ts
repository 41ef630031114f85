import { Category, type CategoryFacts } from '#domain/catalogue/category.ts';
import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { CatalogueDeps } from './ports.ts';

export type ChangeCategory = {
  readonly restaurantId: string;
  readonly categoryId: string;
  readonly changes: Partial<CategoryFacts>;
  /** The version the caller has seen, when they insist on it. */
  readonly expectedVersion: number | undefined;
};

type Refusal = CatalogueErrorOf<
  | 'catalogue.category_not_found'
  | 'catalogue.changed_meanwhile'
  | 'catalogue.name_malformed'
  | 'catalogue.position_malformed'
  | 'catalogue.hours_malformed'
  | 'catalogue.category_name_taken'
>;

export const changeCategory =
  ({ uow, clock }: Pick<CatalogueDeps, 'uow' | 'clock'>) =>
  ({ restaurantId, categoryId, changes, expectedVersion }: ChangeCategory, actor: Actor): Promise<Result<Category, Refusal>> =>
    uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const categories = await tx.categories.live(restaurantId);
      const category = categories.find(({ id }) => id === categoryId);
      if (!category) return err({ code: 'catalogue.category_not_found', categoryId });

      const changed = Category.change(category, changes, categories, expectedVersion, clock.now());
      if (!changed.ok) return changed;

      await tx.categories.save([changed.value]);
      return ok({ ...changed.value.state, version: category.version + changed.value.events.length });
    });
