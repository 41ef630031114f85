import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { CatalogueDeps } from './ports.ts';

export type ArchiveModifierGroup = { readonly restaurantId: string; readonly groupId: string };

type Refusal = CatalogueErrorOf<'catalogue.modifier_group_not_found' | 'catalogue.modifier_group_in_use'>;

export const archiveModifierGroup =
  ({ uow, clock }: Pick<CatalogueDeps, 'uow' | 'clock'>) =>
  ({ restaurantId, groupId }: ArchiveModifierGroup, actor: Actor): Promise<Result<undefined, Refusal>> =>
    uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const group = await tx.groups.find(restaurantId, groupId);
      if (!group) return err({ code: 'catalogue.modifier_group_not_found', groupIds: [groupId] });

      const archived = ModifierGroup.archive(group, await tx.groups.use(restaurantId, groupId), clock.now());
      if (!archived.ok) return archived;

      await tx.groups.save([archived.value]);
      return ok(undefined);
    });
