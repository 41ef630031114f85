import { portionsOf } from '#domain/inventory/recipe.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import type { InventoryDeps } from './ports.ts';

/** How many whole portions can be promised right now, and what stops the next one; quantities in its unit, for people. */
export type PortionsLeft = {
  readonly sellableId: string;
  readonly portions: number;
  readonly limitedBy: {
    readonly stockItemId: string;
    readonly name: string;
    readonly unit: string;
    readonly available: number;
    readonly needed: number;
  };
};

/** For each of the sellables, or all, that takes something from the shelf; the others are not limited by stock. */
export const portionsLeft =
  ({ books, queries, clock }: Pick<InventoryDeps, 'books' | 'queries' | 'clock'>) =>
  async (restaurantId: string, sellableIds?: readonly string[]): Promise<readonly PortionsLeft[]> => {
    const { recipes, items } = await books.of(restaurantId);
    const asked = [...new Set(sellableIds ?? recipes.keys())].map((sellableId) => ({ sellableId, lines: recipes.get(sellableId) ?? [] }));
    const stockItemIds = new Set(asked.flatMap(({ lines }) => lines.map(({ stockItemId }) => stockItemId)));
    if (stockItemIds.size === 0) return [];

    const there = await queries.available(restaurantId, [...stockItemIds], clock.now());
    return asked.flatMap(({ sellableId, lines }) => {
      const left = portionsOf(lines, there);
      if (!left) return [];
      const { name = '', unit = '' } = items.get(left.stockItemId) ?? {};
      const { stockItemId, available, needed } = left;
      return [
        {
          sellableId,
          portions: left.portions,
          limitedBy: { stockItemId, name, unit, available: Quantity.toUnits(available), needed: Quantity.toUnits(needed) },
        },
      ];
    });
  };
