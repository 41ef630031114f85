import type { Categories } from '#application/catalogue/ports.ts';
import { Category } from '#domain/catalogue/category.ts';
import { inOrder } from '#domain/catalogue/name.ts';
import type { PostgresTx } from '../tx.ts';
import { allSaved, rowsOf } from './written.ts';

export const CATEGORY_COLUMNS = 'id, restaurant_id as "restaurantId", name, position, hours, is_archived as "isArchived", version';
export const toCategory = (row: Category): Category => Category.check(row);

const FIND = `select ${CATEGORY_COLUMNS} from catalogue.categories where restaurant_id = $1::uuid and id = $2::uuid and not is_archived`;
const LIVE = `select ${CATEGORY_COLUMNS} from catalogue.categories where restaurant_id = $1::uuid and not is_archived`;
const SAVE = `
  insert into catalogue.categories as c (restaurant_id, id, name, position, hours, is_archived, version)
  select r."restaurantId", r.id, r.name, r.position, r.hours, r."isArchived", r.version
    from jsonb_to_recordset($1::jsonb) as r ("restaurantId" uuid, id uuid, name text, position int, hours jsonb, "isArchived" boolean, version int)
      on conflict (restaurant_id, id) do update
     set name = excluded.name, position = excluded.position, hours = excluded.hours, is_archived = excluded.is_archived, version = excluded.version
   where c.version = excluded.version - 1
  returning 1`;

export const postgresCategories = ({ sql, append }: PostgresTx): Categories => ({
  async find(restaurantId, categoryId) {
    const [row] = await sql<Category>(FIND, [restaurantId, categoryId]);
    return row && toCategory(row);
  },
  async live(restaurantId) {
    const rows = await sql<Category>(LIVE, [restaurantId]);
    return rows.map(toCategory).sort(inOrder);
  },
  async save(changes) {
    if (changes.length === 0) return;
    allSaved(await sql(SAVE, [rowsOf(changes, Category.check)]), changes, 'a category');
    for (const { state, events } of changes)
      append({ stream: `category:${state.id}`, version: state.version, restaurantId: state.restaurantId }, events);
  },
});
