import { Category } from '#domain/catalogue/category.ts';
import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { CatalogueDeps } from './ports.ts';

export type ArchiveCategory = { readonly restaurantId: string; readonly categoryId: string };

type Refusal = CatalogueErrorOf<'catalogue.category_not_found' | 'catalogue.category_not_empty'>;

export const archiveCategory =
  ({ uow, clock }: Pick<CatalogueDeps, 'uow' | 'clock'>) =>
  ({ restaurantId, categoryId }: ArchiveCategory, actor: Actor): Promise<Result<undefined, Refusal>> =>
    uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const category = await tx.categories.find(restaurantId, categoryId);
      if (!category) return err({ code: 'catalogue.category_not_found', categoryId });

      const { inCategory } = await tx.items.tally(restaurantId, categoryId);
      const archived = Category.archive(category, inCategory, clock.now());
      if (!archived.ok) return archived;

      await tx.categories.save([archived.value]);
      return ok(undefined);
    });
