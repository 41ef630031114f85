/** A bound that every id is below, so that one statement serves the first page and the others, and uses its index. */
export const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The newest of each kind ($3) below $1, and of those the newest $2: one index on tenant, kind and id serves every filter by itself, and no
 * page reads the past of the others. An array, and not a join, so that no plan without known parameters reads the whole table for it.
 */
export const newestOf = (table: string, column: string, tenant: string): string => `
  id = any (array(
    select newest.id
      from unnest($3::text[]) as asked (kind)
     cross join lateral (select o.id from ${table} o
                          where ${tenant} o.${column} = asked.kind and o.id < $1::uuid
                          order by o.id desc limit $2::int) as newest
     order by newest.id desc limit $2::int))
  order by id desc`;
