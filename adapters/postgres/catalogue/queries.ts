import type { CatalogueQueries } from '#application/catalogue/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { Category } from '#domain/catalogue/category.ts';
import type { ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import { LAST } from '../paging.ts';
import type { Sql } from '../sql.ts';
import { CATEGORY_COLUMNS, toCategory } from './categories.ts';
import { GROUP_COLUMNS, toGroup } from './modifier-groups.ts';

const page = (columns: string, table: string): string => `
  select ${columns} from catalogue.${table}
   where restaurant_id = $1::uuid and not is_archived and id < $2::uuid
   order by id desc limit $3::int`;
const CATEGORIES = page(CATEGORY_COLUMNS, 'categories');
const GROUPS = page(GROUP_COLUMNS, 'modifier_groups');
const SELLABLE = `
  select exists (select 1 from catalogue.items where restaurant_id = $1::uuid and id = $2::uuid and not is_archived)
      or exists (select 1 from catalogue.modifier_groups
                  where restaurant_id = $1::uuid and not is_archived and options @> jsonb_build_array(jsonb_build_object('id', $2::uuid))) as found`;

export const postgresCatalogueQueries = (sql: () => Sql): CatalogueQueries => ({
  async categories(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<Category>(CATEGORIES, [restaurantId, after, limit + 1]);
    return pageOf(rows, limit, ({ id }) => id, toCategory);
  },
  async groups(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<ModifierGroup>(GROUPS, [restaurantId, after, limit + 1]);
    return pageOf(rows, limit, ({ id }) => id, toGroup);
  },
  async sellableExists(restaurantId, sellableId) {
    const [row] = await sql()<{ found: boolean }>(SELLABLE, [restaurantId, sellableId]);
    return row?.found ?? false;
  },
});
