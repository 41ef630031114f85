import type { CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import { type GroupDraft, ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { GivenOption, PricedGroup } from './add-modifier-group.ts';
import type { CatalogueDeps } from './ports.ts';

export type ChangeModifierGroup = {
  readonly restaurantId: string;
  readonly groupId: string;
  readonly changes: Partial<Omit<GroupDraft, 'options'>> & { readonly options?: readonly GivenOption[] };
  /** The version the caller has seen, when they insist on it. */
  readonly expectedVersion: number | undefined;
};

type Refusal = CatalogueErrorOf<
  | 'catalogue.restaurant_not_found'
  | 'catalogue.modifier_group_not_found'
  | 'catalogue.changed_meanwhile'
  | 'catalogue.name_malformed'
  | 'catalogue.modifier_group_malformed'
  | 'catalogue.option_not_found'
>;

export const changeModifierGroup =
  ({ uow, restaurants, clock, ids }: Pick<CatalogueDeps, 'uow' | 'restaurants' | 'clock' | 'ids'>) =>
  async ({ restaurantId, groupId, changes, expectedVersion }: ChangeModifierGroup, actor: Actor): Promise<Result<PricedGroup, Refusal>> => {
    const restaurant = await restaurants.find(restaurantId);
    if (!restaurant) return err({ code: 'catalogue.restaurant_not_found', restaurantId });
    const { options: given, ...facts } = changes;
    const drafts = { ...facts, ...(given && { options: given.map((option) => ({ ...option, newId: ids.next() })) }) };
    const at = clock.now();

    return uow.run(actor, async (tx) => {
      await tx.menus.lock(restaurantId);
      const group = await tx.groups.find(restaurantId, groupId);
      if (!group) return err({ code: 'catalogue.modifier_group_not_found', groupIds: [groupId] });

      const changed = ModifierGroup.change(group, drafts, expectedVersion, at);
      if (!changed.ok) return changed;

      await tx.groups.save([changed.value]);
      return ok({ group: { ...changed.value.state, version: group.version + changed.value.events.length }, currency: restaurant.currency });
    });
  };
