import type { JobQueries, JobState, JobView, QueueStatistics } from '#application/platform/jobs.ts';
import { instant, type Sql } from '../sql.ts';

/** Where pg-boss puts what used up its attempts. */
const DEAD_LETTERS = 'dead-letters';

/** As people see it: what is dead stands under its own queue, and what failed because it is dead is not told twice. */
const STATE = `case when j.name = '${DEAD_LETTERS}' then 'dead' when j.state = 'created' then 'waiting' when j.state = 'retry' then 'retrying' else j.state::text end`;
const QUEUE = `case when j.name = '${DEAD_LETTERS}' then j.source_name else j.name end`;
/** $1 is the queue. Of the dead letters only those that nobody took up again. */
const OF_QUEUE = `((j.name = $1 and (j.state <> 'failed' or j.dead_letter is null)) or (j.name = '${DEAD_LETTERS}' and j.source_name = $1))`;
const PLACE = `lpad((extract(epoch from j.created_on) * 1000000)::bigint::text, 20, '0') || '-' || j.id`;

const COLUMNS = `
  j.id, coalesce(j.source_root_id, j.source_id, j.id) as root_id, ${QUEUE} as queue, ${STATE} as state, j.priority,
  nullif(j.singleton_key, coalesce(j.source_root_id, j.source_id, j.id)::text) as key, j.data,
  case when j.name = '${DEAD_LETTERS}' then j.source_retry_count + 1 when j.started_on is null then 0 else j.retry_count + 1 end as attempts,
  j.start_after as not_before, j.created_on as created_at, j.started_on as started_at,
  case when j.name = '${DEAD_LETTERS}' then j.created_on else j.completed_on end as ended_at,
  case when j.name = '${DEAD_LETTERS}' then j.source_output ->> 'message' else j.output ->> 'message' end as last_error, ${PLACE} as place`;
type JobRecord = {
  readonly id: string;
  readonly root_id: string;
  readonly queue: string;
  readonly state: JobState;
  readonly priority: number;
  readonly key: string | null;
  readonly data: { readonly data: object; readonly requestId: string | null; readonly traceId: string | null } | null;
  readonly attempts: number;
  readonly not_before: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly last_error: string | null;
  readonly place: string;
};

const LIST = `
  select ${COLUMNS} from jobs.job j
   where ${OF_QUEUE} and ($2::text[] is null or ${STATE} = any($2::text[])) and ($3::text is null or ${PLACE} < $3)
   order by ${PLACE} desc limit $4::int`;
const FIND = `select ${COLUMNS} from jobs.job j where ${OF_QUEUE} and j.id = $2::uuid`;

const STATISTICS = `
  with counted as (
    select ${QUEUE} as name,
           count(*) filter (where j.state < 'active' and j.start_after <= now() and j.name <> '${DEAD_LETTERS}')::int as waiting,
           count(*) filter (where j.state < 'active' and j.start_after > now())::int as delayed,
           count(*) filter (where j.state = 'active')::int as active,
           count(*) filter (where j.name = '${DEAD_LETTERS}')::int as dead,
           count(*) filter (where j.state = 'failed' and j.dead_letter is null and j.name <> '${DEAD_LETTERS}')::int as failed,
           count(*) filter (where j.state = 'completed' and j.completed_on > now() - interval '1 hour')::int as completed,
           coalesce(extract(epoch from now() - min(j.start_after) filter (where j.state < 'active' and j.start_after <= now() and j.name <> '${DEAD_LETTERS}')), 0)::float as oldest
      from jobs.job j group by 1
  )
  select q.name, s.cron, s.timezone, p.name is not null as is_paused, c.waiting, c.delayed, c.active, c.dead, c.failed, c.completed, c.oldest
    from jobs.queue q
    left join jobs.schedule s on s.name = q.name
    left join platform.paused_queues p on p.name = q.name
    left join counted c on c.name = q.name
   where q.name <> '${DEAD_LETTERS}' and q.name not like '\\_\\_pgboss\\_\\_%' and (q.policy = 'stately') = $1
   order by q.name`;
type StatisticsRecord = {
  readonly name: string;
  readonly cron: string | null;
  readonly timezone: string | null;
  readonly is_paused: boolean;
  readonly waiting: number | null;
  readonly delayed: number | null;
  readonly active: number | null;
  readonly dead: number | null;
  readonly failed: number | null;
  readonly completed: number | null;
  readonly oldest: number | null;
};

const toView = (row: JobRecord): JobView => ({
  id: row.id,
  rootId: row.root_id,
  queue: row.queue,
  state: row.state,
  priority: row.priority,
  key: row.key,
  data: row.data?.data ?? null,
  attempts: row.attempts,
  notBefore: instant(row.not_before),
  createdAt: instant(row.created_at),
  startedAt: row.started_at === null ? null : instant(row.started_at),
  endedAt: row.ended_at === null ? null : instant(row.ended_at),
  lastError: row.last_error,
  requestId: row.data?.requestId ?? null,
  traceId: row.data?.traceId ?? null,
});

const toStatistics = (row: StatisticsRecord): QueueStatistics => ({
  name: row.name,
  isPaused: row.is_paused,
  waiting: row.waiting ?? 0,
  delayed: row.delayed ?? 0,
  active: row.active ?? 0,
  dead: row.dead ?? 0,
  failed: row.failed ?? 0,
  completedLastHour: row.completed ?? 0,
  oldestWaitingSeconds: row.oldest ?? 0,
});

export const postgresJobQueries = (sql: () => Sql): JobQueries => ({
  queues: async () => (await sql()<StatisticsRecord>(STATISTICS, [false])).map(toStatistics),
  async schedules() {
    const rows = await sql()<StatisticsRecord>(STATISTICS, [true]);
    // A queue whose schedule is gone keeps its last runs for a while.
    return rows.flatMap((row) => (row.cron === null ? [] : [{ ...toStatistics(row), cron: row.cron, timeZone: row.timezone ?? 'UTC' }]));
  },
  async list({ queue, states }, { limit, after }) {
    const rows = await sql()<JobRecord>(LIST, [queue, states ?? null, after ?? null, limit + 1]);
    const data = rows.slice(0, limit);
    return { data: data.map(toView), next: rows.length > limit ? (data.at(-1)?.place ?? null) : null };
  },
  async find(queue, id) {
    const [row] = await sql()<JobRecord>(FIND, [queue, id]);
    return row && toView(row);
  },
});
