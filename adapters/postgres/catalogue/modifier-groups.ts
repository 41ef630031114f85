import { type Groups, USES_MAX } from '#application/catalogue/ports.ts';
import { type GroupUse, ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import type { PostgresTx } from '../tx.ts';
import { allSaved, rowsOf } from './written.ts';

export const GROUP_COLUMNS =
  'id, restaurant_id as "restaurantId", name, min_choices as min, max_choices as max, options, is_archived as "isArchived", version';
export const toGroup = (row: ModifierGroup): ModifierGroup => ModifierGroup.check(row);

const FIND = `select ${GROUP_COLUMNS} from catalogue.modifier_groups where restaurant_id = $1::uuid and id = $2::uuid and not is_archived`;
const COUNT = 'select count(*)::int as count from catalogue.modifier_groups where restaurant_id = $1::uuid and not is_archived';
const MISSING = `
  select wanted.id from unnest($2::uuid[]) as wanted (id)
   where not exists (select 1 from catalogue.modifier_groups g where g.restaurant_id = $1::uuid and g.id = wanted.id and not g.is_archived)`;
const USE = `
  select count(*) over ()::int as count, id as "itemId", name
    from catalogue.items where restaurant_id = $1::uuid and not is_archived and group_ids @> to_jsonb($2::text)
   order by name, id limit $3::int`;
const SAVE = `
  insert into catalogue.modifier_groups as g (restaurant_id, id, name, min_choices, max_choices, options, is_archived, version)
  select r."restaurantId", r.id, r.name, r.min, r.max, r.options, r."isArchived", r.version
    from jsonb_to_recordset($1::jsonb) as r ("restaurantId" uuid, id uuid, name text, min int, max int, options jsonb, "isArchived" boolean, version int)
      on conflict (restaurant_id, id) do update
     set name = excluded.name, min_choices = excluded.min_choices, max_choices = excluded.max_choices, options = excluded.options,
         is_archived = excluded.is_archived, version = excluded.version
   where g.version = excluded.version - 1
  returning 1`;
type UseRow = GroupUse['items'][number] & { readonly count: number };

export const postgresGroups = ({ sql, append }: PostgresTx): Groups => ({
  async find(restaurantId, groupId) {
    const [row] = await sql<ModifierGroup>(FIND, [restaurantId, groupId]);
    return row && toGroup(row);
  },
  async count(restaurantId) {
    const [row] = await sql<{ count: number }>(COUNT, [restaurantId]);
    return row?.count ?? 0;
  },
  async missing(restaurantId, groupIds) {
    if (groupIds.length === 0) return [];
    const rows = await sql<{ id: string }>(MISSING, [restaurantId, groupIds]);
    return rows.map(({ id }) => id);
  },
  async use(restaurantId, groupId) {
    const rows = await sql<UseRow>(USE, [restaurantId, groupId, USES_MAX]);
    return { count: rows[0]?.count ?? 0, items: rows.map(({ itemId, name }) => ({ itemId, name })) };
  },
  async save(changes) {
    if (changes.length === 0) return;
    allSaved(await sql(SAVE, [rowsOf(changes, ModifierGroup.check)]), changes, 'a modifier group');
    for (const { state, events } of changes)
      append({ stream: `modifier_group:${state.id}`, version: state.version, restaurantId: state.restaurantId }, events);
  },
});
