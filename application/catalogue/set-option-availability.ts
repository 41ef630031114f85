import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PricedGroup } from './add-modifier-group.ts';
import type { CatalogueDeps } from './ports.ts';

export type SetOptionAvailability = {
  readonly restaurantId: string;
  readonly groupId: string;
  readonly optionId: string;
  readonly isOutOfStock: boolean;
};

type Refusal = CatalogueErrorOf<'catalogue.restaurant_not_found' | 'catalogue.modifier_group_not_found' | 'catalogue.option_not_found'>;

/** Says whether an option can be had, in every item that has its group. */
export const setOptionAvailability =
  ({ uow, restaurants, clock }: Pick<CatalogueDeps, 'uow' | 'restaurants' | 'clock'>) =>
  async ({ restaurantId, groupId, optionId, isOutOfStock }: SetOptionAvailability, actor: Actor): Promise<Result<PricedGroup, Refusal>> => {
    const restaurant = await restaurants.find(restaurantId);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const at = clock.now();

    return uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const group = await tx.groups.find(restaurantId, groupId);
      if (!group) return err({ code: 'catalogue.modifier_group_not_found', groupIds: [groupId] });

      const set = ModifierGroup.setOptionAvailability(group, optionId, isOutOfStock, at);
      if (!set.ok) return set;

      await tx.groups.save([set.value]);
      return ok({ group: { ...set.value.state, version: group.version + set.value.events.length }, currency: restaurant.currency });
    });
  };
