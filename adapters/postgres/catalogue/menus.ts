import type { MenuSource, Menus } from '#application/catalogue/ports.ts';
import type { Category } from '#domain/catalogue/category.ts';
import { Menu } from '#domain/catalogue/menu.ts';
import type { ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import type { Sql } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';
import { CATEGORY_COLUMNS, toCategory } from './categories.ts';
import { ITEM_COLUMNS, type ItemRecord, toItem } from './items.ts';
import { GROUP_COLUMNS, toGroup } from './modifier-groups.ts';

const LOCK = `
  insert into catalogue.menus as m (restaurant_id, revision) values ($1::uuid, 1)
      on conflict (restaurant_id) do update set revision = m.revision + 1`;

export const postgresMenus = ({ sql }: PostgresTx): Menus => ({
  async lock(restaurantId) {
    await sql(LOCK, [restaurantId]);
  },
});

const live = (columns: string, table: string): string =>
  `(select coalesce(json_agg(r), '[]') from (select ${columns} from catalogue.${table} where restaurant_id = $1::uuid and not is_archived) r)`;
// One statement, so that the three lists are of one moment.
const LOAD = `
  select ${live(CATEGORY_COLUMNS, 'categories')} as categories,
         ${live(ITEM_COLUMNS, 'items')} as items,
         ${live(GROUP_COLUMNS, 'modifier_groups')} as groups`;
type LoadRow = { readonly categories: readonly Category[]; readonly items: readonly ItemRecord[]; readonly groups: readonly ModifierGroup[] };

/** Where current menus are read from. */
export const postgresMenuSource = (sql: () => Sql): MenuSource => ({
  async revision(restaurantId) {
    const [row] = await sql()<{ revision: number }>('select revision from catalogue.menus where restaurant_id = $1::uuid', [restaurantId]);
    return row?.revision;
  },
  async load(restaurantId) {
    const [row] = await sql()<LoadRow>(LOAD, [restaurantId]);
    return row && Menu.of(row.categories.map(toCategory), row.items.map(toItem), row.groups.map(toGroup));
  },
});
