import { type AuditQueries, type AuditSearch, type AuditStatistics, type Counted, DAYS_MAX, TOP } from '#application/audit/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { AuditChain, type AuditEntry } from '#domain/audit/chain.ts';
import type { AuditClass } from '#domain/audit/classes.ts';
import { LAST } from '../paging.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import { CHAIN_COLUMNS, type ChainRecord, toChain } from './trail.ts';

type EntryRecord = {
  readonly class: AuditClass;
  readonly seq: string;
  readonly event_id: string;
  readonly type: string;
  readonly restaurant_id: string | null;
  readonly stream: string;
  readonly actor: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly hash: string;
};
const COLUMNS = 'class, seq, event_id, type, restaurant_id, stream, actor, at, data, hash';

const toEntry = (row: EntryRecord): AuditEntry => ({
  class: row.class,
  seq: Number(row.seq),
  eventId: row.event_id,
  type: row.type,
  restaurantId: row.restaurant_id,
  stream: row.stream,
  actor: row.actor,
  at: instant(row.at),
  data: row.data,
  hash: row.hash,
});

const FILTER = `
      ($2::text is null or class = $2)
  and ($3::text is null or type = $3 or (right($3, 1) = '.' and starts_with(type, $3)))
  and ($4::text is null or actor = $4)
  and ($5::text is null or stream = $5)
  and ($6::timestamptz is null or at >= $6::timestamptz)
  and ($7::timestamptz is null or at < $7::timestamptz)
  and ($8::text is null or position(lower($8) in lower(data::text)) > 0)`;
/** Of one restaurant the index of restaurants, of all of them the index of events: a condition on both would use neither. */
const scoped = (restaurantId: string | null): string => (restaurantId === null ? '$1::uuid is null' : 'restaurant_id = $1::uuid');
const searchOf = (restaurantId: string | null): string => `
  select ${COLUMNS} from audit.entries
   where ${scoped(restaurantId)} and ${FILTER} and event_id < $9::uuid
   order by event_id desc limit $10::int`;
const statisticsOf = (restaurantId: string | null): string => `
  with found as (select class, type, actor, to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day from audit.entries where ${scoped(restaurantId)} and ${FILTER}),
       counted as (
         select 'classes' as what, class as name, count(*) as count from found group by class
         union all select 'types', type, count(*) from found group by type
         union all select 'actors', actor, count(*) from found group by actor
       ),
       ranked as (
         select *, row_number() over (partition by what order by count desc, name) as rank from counted
         union all select 'days', day, count(*), row_number() over (order by day desc) from found group by day
       )
  select what, name, count::int as count from ranked where rank <= case what when 'days' then ${DAYS_MAX} else ${TOP} end order by what, rank`;
type StatisticsRecord = { readonly what: keyof Omit<AuditStatistics, 'total'>; readonly name: string; readonly count: number };

export const postgresAuditQueries = (sql: () => Sql): AuditQueries => ({
  async search(search, { limit, after = LAST }) {
    const rows = await sql()<EntryRecord>(searchOf(search.restaurantId), [...paramsOf(search), after, limit + 1]);
    return pageOf(rows, limit, ({ event_id }) => event_id, toEntry);
  },
  async statistics(search) {
    const rows = await sql()<StatisticsRecord>(statisticsOf(search.restaurantId), paramsOf(search));
    const counted = (what: StatisticsRecord['what']): readonly Counted[] =>
      rows.filter((row) => row.what === what).map(({ name, count }) => ({ name, count }));
    const classes = counted('classes');
    return {
      total: classes.reduce((sum, { count }) => sum + count, 0),
      classes,
      types: counted('types'),
      actors: counted('actors'),
      days: counted('days'),
    };
  },
  async chain(name) {
    const [row] = await sql()<ChainRecord>(`select ${CHAIN_COLUMNS} from audit.chains where class = $1`, [name]);
    return row ? toChain(row) : AuditChain.begin(name);
  },
  async entries(name, after, limit) {
    const rows = await sql()<EntryRecord>(`select ${COLUMNS} from audit.entries where class = $1 and seq > $2::bigint order by seq limit $3::int`, [
      name,
      after,
      limit,
    ]);
    return rows.map(toEntry);
  },
});

const paramsOf = ({ restaurantId, class: name, type, actor, stream, from, to, word }: AuditSearch): readonly unknown[] => [
  restaurantId,
  name ?? null,
  type ?? null,
  actor ?? null,
  stream ?? null,
  from === undefined ? null : timestamp(from),
  to === undefined ? null : timestamp(to),
  word ?? null,
];
