import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { type GroupDraft, MODIFIER_GROUPS_MAX, ModifierGroup, type OptionDraft } from '#domain/catalogue/modifier-group.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { CatalogueDeps } from './ports.ts';

export type GivenOption = Omit<OptionDraft, 'newId'>;
export type AddModifierGroup = {
  readonly restaurantId: string;
  readonly group: Omit<GroupDraft, 'options'> & { readonly options: readonly GivenOption[] };
};
/** A group with the currency its prices are in. */
export type PricedGroup = { readonly group: ModifierGroup; readonly currency: string };

type Refusal = CatalogueErrorOf<
  | 'catalogue.restaurant_not_found'
  | 'catalogue.menu_full'
  | 'catalogue.name_malformed'
  | 'catalogue.modifier_group_malformed'
  | 'catalogue.option_not_found'
>;

export const addModifierGroup =
  ({ uow, restaurants, clock, ids }: Pick<CatalogueDeps, 'uow' | 'restaurants' | 'clock' | 'ids'>) =>
  async ({ restaurantId, group: given }: AddModifierGroup, actor: Actor): Promise<Result<PricedGroup, Refusal>> => {
    const restaurant = await restaurants.find(restaurantId);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const draft = { ...given, options: given.options.map((option) => ({ ...option, newId: ids.next() })) };
    const added = ModifierGroup.add(ids.next(), restaurantId, draft, clock.now());
    if (!added.ok) return added;
    const { state, events } = added.value;

    return uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      if ((await tx.groups.count(restaurantId)) >= MODIFIER_GROUPS_MAX) {
        return err({ code: 'catalogue.menu_full', kind: 'modifier_groups', limit: MODIFIER_GROUPS_MAX });
      }
      await tx.groups.save([added.value]);
      return ok({ group: { ...state, version: events.length }, currency: restaurant.currency });
    });
  };
