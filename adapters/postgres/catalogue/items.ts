import type { Items } from '#application/catalogue/ports.ts';
import type { ItemListing } from '#domain/catalogue/menu-import.ts';
import { type AvailabilityState, MenuItem } from '#domain/catalogue/menu-item.ts';
import type { PostgresTx } from '../tx.ts';
import { allSaved, rowsOf } from './written.ts';

export type ItemRecord = Omit<MenuItem, 'availability'> & { readonly availability: AvailabilityState };

// A price is far below 2^53, so a double carries it exactly, where bigint would arrive as text.
export const ITEM_COLUMNS = `id, restaurant_id as "restaurantId", category_id as "categoryId", name, description, price::float8 as price, tax_class as "taxClass",
  diet, tags, allergens, hours, group_ids as "groupIds", position, availability, is_archived as "isArchived", version`;

export const toItem = (row: ItemRecord): MenuItem => MenuItem.check({ ...row, availability: { state: row.availability } });
const toRecord = (item: MenuItem): ItemRecord => ({ ...MenuItem.check(item), availability: item.availability.state });

const FIND = `select ${ITEM_COLUMNS} from catalogue.items where restaurant_id = $1::uuid and id = $2::uuid and not is_archived`;
const TALLY = `
  select count(*)::int as live,
         (count(*) filter (where category_id = $2::uuid))::int as "inCategory",
         max(position) filter (where category_id = $2::uuid) as "lastPosition"
    from catalogue.items where restaurant_id = $1::uuid and not is_archived`;
const LISTINGS = `
  select category_id as "categoryId", name, price::float8 as price, position
    from catalogue.items where restaurant_id = $1::uuid and not is_archived`;
const SAVE = `
  insert into catalogue.items as i
    (restaurant_id, id, category_id, name, description, price, tax_class, diet, tags, allergens, hours, group_ids, position, availability, is_archived, version)
  select r."restaurantId", r.id, r."categoryId", r.name, r.description, r.price, r."taxClass", r.diet, r.tags, r.allergens, r.hours, r."groupIds", r.position,
         r.availability, r."isArchived", r.version
    from jsonb_to_recordset($1::jsonb) as r
      ("restaurantId" uuid, id uuid, "categoryId" uuid, name text, description text, price bigint, "taxClass" text, diet text, tags jsonb, allergens jsonb,
       hours jsonb, "groupIds" jsonb, position int, availability text, "isArchived" boolean, version int)
      on conflict (restaurant_id, id) do update
     set category_id = excluded.category_id, name = excluded.name, description = excluded.description, price = excluded.price, tax_class = excluded.tax_class,
         diet = excluded.diet, tags = excluded.tags, allergens = excluded.allergens, hours = excluded.hours, group_ids = excluded.group_ids,
         position = excluded.position, availability = excluded.availability, is_archived = excluded.is_archived, version = excluded.version
   where i.version = excluded.version - 1
  returning 1`;
type TallyRow = { readonly live: number; readonly inCategory: number; readonly lastPosition: number | null };

export const postgresItems = ({ sql, append }: PostgresTx): Items => ({
  async find(restaurantId, itemId) {
    const [row] = await sql<ItemRecord>(FIND, [restaurantId, itemId]);
    return row && toItem(row);
  },
  async tally(restaurantId, categoryId) {
    const [row] = await sql<TallyRow>(TALLY, [restaurantId, categoryId]);
    return row as TallyRow;
  },
  listings: (restaurantId) => sql<ItemListing>(LISTINGS, [restaurantId]),
  async save(changes) {
    if (changes.length === 0) return;
    allSaved(await sql(SAVE, [rowsOf(changes, toRecord)]), changes, 'a menu item');
    for (const { state, events } of changes)
      append({ stream: `menu_item:${state.id}`, version: state.version, restaurantId: state.restaurantId }, events);
  },
});
