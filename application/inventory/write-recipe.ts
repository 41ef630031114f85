import type { InventoryErrorOf } from '#domain/inventory/errors.ts';
import { Recipe, type RecipeLine } from '#domain/inventory/recipe.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { InventoryDeps } from './ports.ts';

export type WriteRecipe = {
  readonly restaurantId: string;
  readonly sellableId: string;
  /** What one portion takes, each in the item's unit. */
  readonly lines: readonly { readonly stockItemId: string; readonly quantity: number }[];
  /** The version the caller has seen, when they insist on it. */
  readonly expectedVersion: number | undefined;
};

type Refusal = InventoryErrorOf<
  | 'inventory.sellable_not_found'
  | 'inventory.quantity_malformed'
  | 'inventory.stock_item_not_found'
  | 'inventory.changed_meanwhile'
  | 'inventory.recipe_malformed'
  | 'inventory.recipe_too_long'
>;

/** Says what a portion of something on the menu is made of. Orders placed before keep what they hold. */
export const writeRecipe =
  ({ uow, sellables, clock }: Pick<InventoryDeps, 'uow' | 'sellables' | 'clock'>) =>
  async ({ restaurantId, sellableId, lines: given, expectedVersion }: WriteRecipe, actor: Actor): Promise<Result<Recipe, Refusal>> => {
    if (!(await sellables.exists(restaurantId, sellableId))) return err({ code: 'inventory.sellable_not_found', sellableId });
    const lines: RecipeLine[] = [];
    for (const { stockItemId, quantity } of given) {
      const parsed = Quantity.parse(quantity);
      if (!parsed.ok) return err({ code: 'inventory.quantity_malformed', quantity });
      lines.push({ stockItemId, quantity: parsed.value });
    }
    return uow.run(actor, async (tx) => {
      const items = await tx.stockItems.findAll(
        restaurantId,
        lines.map(({ stockItemId }) => stockItemId),
      );
      const ingredients = new Set(items.filter(({ kind }) => kind === 'ingredient').map(({ id }) => id));
      const unknown = lines.find(({ stockItemId }) => !ingredients.has(stockItemId));
      if (unknown) return err({ code: 'inventory.stock_item_not_found', stockItemId: unknown.stockItemId });

      const recipe = (await tx.recipes.find(restaurantId, sellableId)) ?? Recipe.blank(restaurantId, sellableId);
      const written = Recipe.write(recipe, lines, expectedVersion, clock.now());
      if (!written.ok) return written;

      await tx.recipes.save(written.value);
      return ok({ ...written.value.state, version: recipe.version + written.value.events.length });
    });
  };
