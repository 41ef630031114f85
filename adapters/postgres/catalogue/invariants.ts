import type { Invariant } from '../invariant.ts';

const versionsMatch = (table: string, stream: string) => `
  select r.id::text as culprit, 'version ' || r.version || ', its stream is at ' || coalesce(e.version, 0) as detail
    from catalogue.${table} r
    left join lateral (select max(version) as version from platform.events where stream = '${stream}:' || r.id) e on true
   where r.version is distinct from e.version`;

export const CATALOGUE_INVARIANTS: readonly Invariant[] = [
  {
    id: 'menu-items-have-a-category',
    promise: 'Every live item is in a live category of its restaurant',
    sql: `
      select i.id::text as culprit, i.name || ' is in ' || i.category_id as detail
        from catalogue.items i
        left join catalogue.categories c on c.restaurant_id = i.restaurant_id and c.id = i.category_id and not c.is_archived
       where not i.is_archived and c.id is null`,
  },
  {
    id: 'menu-items-have-their-groups',
    promise: 'Every modifier group that a live item names is live',
    sql: `
      select i.id::text as culprit, i.name || ' names ' || wanted.id as detail
        from catalogue.items i
       cross join lateral jsonb_array_elements_text(i.group_ids) as wanted (id)
        left join catalogue.modifier_groups g on g.restaurant_id = i.restaurant_id and g.id = wanted.id::uuid and not g.is_archived
       where not i.is_archived and g.id is null`,
  },
  {
    id: 'menus-have-a-revision',
    promise: 'Every restaurant with a category has a menu that its writers lock',
    sql: `
      select distinct c.restaurant_id::text as culprit, 'no row in catalogue.menus' as detail
        from catalogue.categories c
       where not exists (select 1 from catalogue.menus m where m.restaurant_id = c.restaurant_id)`,
  },
  { id: 'categories-match-their-streams', promise: 'Every category is at the version of its stream', sql: versionsMatch('categories', 'category') },
  { id: 'menu-items-match-their-streams', promise: 'Every menu item is at the version of its stream', sql: versionsMatch('items', 'menu_item') },
  {
    id: 'modifier-groups-match-streams',
    promise: 'Every modifier group is at the version of its stream',
    sql: versionsMatch('modifier_groups', 'modifier_group'),
  },
];
