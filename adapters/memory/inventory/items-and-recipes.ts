import type { RecipeBookSource, RecipeStore, StockItems } from '#application/inventory/ports.ts';
import { Balance } from '#domain/inventory/balance.ts';
import { Recipe } from '#domain/inventory/recipe.ts';
import { StockItem } from '#domain/inventory/stock-item.ts';
import type { MemoryStore } from '../store.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';
import { writeBalances } from './stock.ts';
import { keyOf, NAMES, RECIPES, REVISIONS, STOCK_ITEMS } from './tables.ts';

type Revision = { readonly revision: number };

function revise(tx: MemoryTx, restaurantId: string): void {
  tx.set(REVISIONS, restaurantId, { revision: (tx.get<Revision>(REVISIONS, restaurantId)?.revision ?? 0) + 1 });
}

/** Takes the name for the item and gives up the one it had. */
function claimName(tx: MemoryTx, { restaurantId, name }: StockItem, before: StockItem | undefined): 'saved' | 'name_taken' {
  const [key, old] = [keyOf(restaurantId, name.toLowerCase()), before && keyOf(restaurantId, before.name.toLowerCase())];
  if (key === old) return 'saved';
  try {
    tx.insert(NAMES, key, {});
  } catch (error) {
    if (error instanceof DuplicateKey) return 'name_taken';
    throw error;
  }
  if (old !== undefined) tx.delete(NAMES, old);
  return 'saved';
}

export const memoryStockItems = (tx: MemoryTx): StockItems => {
  const find = (restaurantId: string, stockItemId: string): StockItem | undefined => tx.get<StockItem>(STOCK_ITEMS, keyOf(restaurantId, stockItemId));
  return {
    find: async (restaurantId, stockItemId) => find(restaurantId, stockItemId),
    findAll: async (restaurantId, stockItemIds) => [...new Set(stockItemIds)].flatMap((id) => find(restaurantId, id) ?? []),
    async save({ state, events }) {
      const { restaurantId, id, kind, version } = StockItem.check(state);
      if (kind === 'ingredient' && claimName(tx, state, find(restaurantId, id)) === 'name_taken') return 'name_taken';
      tx.put(STOCK_ITEMS, keyOf(restaurantId, id), version, { ...state, version: version + events.length });
      if (version === 0) writeBalances(tx, restaurantId, id, [Balance.empty(Balance.undated(id))]);
      revise(tx, restaurantId);
      tx.append({ stream: `stock_item:${id}`, version, restaurantId }, events);
      return 'saved';
    },
  };
};

export const memoryRecipes = (tx: MemoryTx): RecipeStore => ({
  find: async (restaurantId, sellableId) => tx.get<Recipe>(RECIPES, keyOf(restaurantId, sellableId)),
  async save({ state, events }) {
    const { restaurantId, sellableId, version } = Recipe.check(state);
    tx.put(RECIPES, keyOf(restaurantId, sellableId), version, { ...state, version: version + events.length });
    revise(tx, restaurantId);
    tx.append({ stream: `recipe:${sellableId}`, version, restaurantId }, events);
  },
  revision: async (restaurantId) => tx.get<Revision>(REVISIONS, restaurantId)?.revision ?? 0,
});

export const memoryRecipeBooks = (store: MemoryStore): RecipeBookSource => ({
  revision: async (restaurantId) => store.row<Revision>(REVISIONS, restaurantId)?.revision ?? 0,
  async load(restaurantId) {
    const recipes = store.rows<Recipe>(RECIPES).filter((recipe) => recipe.restaurantId === restaurantId);
    const items = store.rows<StockItem>(STOCK_ITEMS).filter((item) => item.restaurantId === restaurantId);
    return {
      revision: store.row<Revision>(REVISIONS, restaurantId)?.revision ?? 0,
      recipes: new Map(recipes.map((recipe) => [recipe.sellableId, Recipe.ingredients(recipe)])),
      items: new Map(items.map(({ id, name, unit }) => [id, { name, unit }])),
    };
  },
});
