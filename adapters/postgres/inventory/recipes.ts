import type { RecipeBookSource, RecipeStore } from '#application/inventory/ports.ts';
import { Recipe, type RecipeLine } from '#domain/inventory/recipe.ts';
import { saved } from '../saved.ts';
import type { Sql } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';
import { REVISED } from './stock-items.ts';

export type RecipeRecord = {
  readonly restaurant_id: string;
  readonly sellable_id: string;
  readonly lines: readonly RecipeLine[];
  readonly counts_down: boolean;
  readonly version: number;
};

export const RECIPE_COLUMNS = 'restaurant_id, sellable_id, lines, counts_down, version';

export const toRecipe = (row: RecipeRecord): Recipe =>
  Recipe.check({ restaurantId: row.restaurant_id, sellableId: row.sellable_id, lines: row.lines, countsDown: row.counts_down, version: row.version });

const SAVE = `
  with written as (
    insert into inventory.recipes as r (restaurant_id, sellable_id, lines, counts_down, version)
    values ($1::uuid, $2::uuid, $3::jsonb, $4::boolean, $5::int)
    on conflict (restaurant_id, sellable_id) do update
      set lines = excluded.lines, counts_down = excluded.counts_down, version = excluded.version
      where r.version = $6::int
    returning 1
  ), ${REVISED}
  select 1 from written`;

export async function findRecipe(sql: Sql, restaurantId: string, sellableId: string): Promise<Recipe | undefined> {
  const [row] = await sql<RecipeRecord>(`select ${RECIPE_COLUMNS} from inventory.recipes where restaurant_id = $1::uuid and sellable_id = $2::uuid`, [
    restaurantId,
    sellableId,
  ]);
  return row && toRecipe(row);
}

export const postgresRecipes = ({ sql, gather, append }: PostgresTx): RecipeStore => ({
  find: (restaurantId, sellableId) => findRecipe(sql, restaurantId, sellableId),
  async save({ state, events }) {
    const { restaurantId, sellableId, lines, countsDown, version } = Recipe.check(state);
    const next = version + events.length;
    saved(await sql(SAVE, [restaurantId, sellableId, JSON.stringify(lines), countsDown, next, version]), `recipe ${sellableId}`);
    append({ stream: `recipe:${sellableId}`, version, restaurantId }, events);
  },
  async revision(restaurantId) {
    const rows = await gather<RevisionRecord>(REVISIONS, { restaurantId });
    return rows.find((row) => row.restaurant_id === restaurantId)?.revision ?? 0;
  },
});

const REVISIONS = `
  select restaurant_id, revision from inventory.recipe_revisions
   where restaurant_id = any (array(select "restaurantId" from jsonb_to_recordset($1::jsonb) as r ("restaurantId" uuid)))`;
type RevisionRecord = { readonly restaurant_id: string; readonly revision: number };

async function revisionOf(sql: Sql, restaurantId: string): Promise<number> {
  const [row] = await sql<{ revision: number }>('select revision from inventory.recipe_revisions where restaurant_id = $1::uuid', [restaurantId]);
  return row?.revision ?? 0;
}

// One statement, so that no recipe is read without the items it names.
const BOOK = `
  select (select jsonb_agg(jsonb_build_object('sellableId', sellable_id, 'lines', lines, 'countsDown', counts_down))
            from inventory.recipes where restaurant_id = $1::uuid) as recipes,
         (select jsonb_agg(jsonb_build_object('id', id, 'name', name, 'unit', unit))
            from inventory.stock_items where restaurant_id = $1::uuid) as items,
         (select revision from inventory.recipe_revisions where restaurant_id = $1::uuid) as revision`;
type BookRecord = {
  readonly revision: number | null;
  readonly recipes: readonly Pick<Recipe, 'sellableId' | 'lines' | 'countsDown'>[] | null;
  readonly items: readonly { readonly id: string; readonly name: string; readonly unit: string }[] | null;
};

export const postgresRecipeBooks = (sql: () => Sql): RecipeBookSource => ({
  revision: (restaurantId) => revisionOf(sql(), restaurantId),
  async load(restaurantId) {
    const [row] = await sql()<BookRecord>(BOOK, [restaurantId]);
    return {
      revision: row?.revision ?? 0,
      recipes: new Map((row?.recipes ?? []).map((recipe) => [recipe.sellableId, Recipe.ingredients(recipe)])),
      items: new Map((row?.items ?? []).map(({ id, name, unit }) => [id, { name, unit }])),
    };
  },
});
