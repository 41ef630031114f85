import type { PgBoss } from 'pg-boss';
import type { JobControl, JobState } from '#application/platform/jobs.ts';
import type { JobRequests } from '#application/shared/job.ts';
import type { Ids } from '#application/shared/ports.ts';
import { currentRequest } from '../shared/request-context.ts';
import { ASKED, CONTROLLED, DEAD_LETTERS, type Statements } from './boss.ts';

/** A transaction as jobs need it. */
export type JobsTx = { readonly sql: Statements; announce(type: string): void };

/** What is kept of a job: its data, and the request it was asked for in. */
export type Envelope = { readonly data: object; readonly requestId: string | null; readonly traceId: string | null };

/** A connection that is in the transaction, as pg-boss wants it. */
const within = (sql: Statements) => ({ executeSql: async (text: string, values?: unknown[]) => ({ rows: [...(await sql<object>(text, values))] }) });

export const jobRequests = (boss: PgBoss, ids: Ids, { sql, announce }: JobsTx): JobRequests => ({
  async add({ name }, data, { key, priority, notBefore } = {}) {
    const id = ids.next();
    const { requestId = null, traceId = null } = currentRequest() ?? {};
    const envelope: Envelope = { data, requestId, traceId };
    const added = await boss.send(name, envelope, {
      id,
      singletonKey: key ?? id,
      ...(priority !== undefined && { priority }),
      ...(notBefore !== undefined && { startAfter: new Date(notBefore) }),
      db: within(sql),
    });
    if (added !== null) announce(`${ASKED}${name}`);
    return added;
  },
});

const LOCK = `
  select case when j.name = '${DEAD_LETTERS}' then 'dead' when j.state = 'created' then 'waiting' when j.state = 'retry' then 'retrying' else j.state::text end as state
    from jobs.job j
   where j.id = $2::uuid and ((j.name = $1 and (j.state <> 'failed' or j.dead_letter is null)) or (j.name = '${DEAD_LETTERS}' and j.source_name = $1))
     for update`;
const PAUSE = 'insert into platform.paused_queues (name, paused_at) values ($1, now()) on conflict do nothing returning 1';
const RESUME = 'delete from platform.paused_queues where name = $1 returning 1';

export const jobControl = (boss: PgBoss, kindOf: JobControl['knows'], { sql, announce }: JobsTx): JobControl => {
  const control = async (statement: string, name: string): Promise<boolean> => {
    const changed = (await sql(statement, [name])).length > 0;
    if (changed) announce(CONTROLLED);
    return changed;
  };
  return {
    knows: kindOf,
    pause: (name) => control(PAUSE, name),
    resume: (name) => control(RESUME, name),
    async lock(name, id) {
      const [row] = await sql<{ readonly state: JobState }>(LOCK, [name, id]);
      return row?.state;
    },
    async cancel(name, id) {
      await boss.cancel(name, id, { db: within(sql) });
    },
    async hurry(name, id) {
      await boss.update(name, undefined, { id, startAfter: 0, db: within(sql) });
      announce(`${ASKED}${name}`);
    },
    async redrive(name, { id, limit }) {
      const moved = await boss.redrive(DEAD_LETTERS, { sourceName: name, limit, ...(id !== undefined && { ids: [id] }), db: within(sql) });
      if (moved > 0) announce(`${ASKED}${name}`);
      return moved;
    },
    async runNow(name) {
      const added = await boss.send(name, null, { db: within(sql) });
      announce(`${ASKED}${name}`);
      return added !== null;
    },
  };
};
