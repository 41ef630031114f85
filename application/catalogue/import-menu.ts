import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { checkRows, type ImportRow, type RowFault } from '#domain/catalogue/import-row.ts';
import { categoryFaults, type ImportedCategory, planImport } from '#domain/catalogue/menu-import.ts';
import { minorDigits } from '#domain/catalogue/price-text.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { CatalogueDeps } from './ports.ts';

/** A file's content, with what could not be read of it. */
export type ImportMenu = {
  readonly restaurantId: string;
  readonly categories: readonly ImportedCategory[];
  readonly rows: readonly ImportRow[];
  readonly faults: readonly RowFault[];
};
export type MenuImported = { readonly created: number; readonly unchanged: number; readonly categoriesCreated: number };

type Refusal = CatalogueErrorOf<'catalogue.restaurant_not_found' | 'catalogue.menu_full' | 'catalogue.import_too_large' | 'catalogue.import_refused'>;

/** Brings in a whole menu, or nothing of it. What is on the menu already stays as it is, so repeating it does no harm. */
export const importMenu =
  ({ uow, restaurants, clock, ids }: Pick<CatalogueDeps, 'uow' | 'restaurants' | 'clock' | 'ids'>) =>
  async ({ restaurantId, categories: given, rows, faults }: ImportMenu, actor: Actor): Promise<Result<MenuImported, Refusal>> => {
    const restaurant = await restaurants.find(restaurantId);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const { currency, taxClasses } = restaurant;
    const checked = checkRows(rows, minorDigits(currency), taxClasses, [...categoryFaults(given), ...faults]);
    if (!checked.ok) return checked;
    const at = clock.now();

    return uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const categories = await tx.categories.live(restaurantId);
      const items = await tx.items.listings(restaurantId);
      const plan = planImport({ restaurantId, categories, items, taxClasses }, { categories: given, items: checked.value }, () => ids.next(), at);
      if (!plan.ok) return plan;

      await tx.categories.save(plan.value.categories);
      await tx.items.save(plan.value.items);
      return ok({ created: plan.value.items.length, unchanged: plan.value.unchanged, categoriesCreated: plan.value.categories.length });
    });
  };
