import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { MenuItem } from '#domain/catalogue/menu-item.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { CatalogueDeps } from './ports.ts';

export type ArchiveItem = { readonly restaurantId: string; readonly itemId: string };

/** Takes an item off the menu for good, and stops counting it down. */
export const archiveItem =
  ({ uow, clock }: Pick<CatalogueDeps, 'uow' | 'clock'>) =>
  ({ restaurantId, itemId }: ArchiveItem, actor: Actor): Promise<Result<undefined, CatalogueErrorOf<'catalogue.item_not_found'>>> =>
    uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const item = await tx.items.find(restaurantId, itemId);
      if (!item) return err({ code: 'catalogue.item_not_found', itemId });

      const at = clock.now();
      await tx.items.save([MenuItem.archive(item, at)]);
      await tx.countdown.set(restaurantId, itemId, item.name, null, at);
      return ok(undefined);
    });
