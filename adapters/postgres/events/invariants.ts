import type { Invariant } from '../invariant.ts';

export const LOG_INVARIANTS: readonly Invariant[] = [
  {
    id: 'streams-have-no-gaps',
    promise: 'The versions of every stream run from 1 without a gap',
    sql: `
      select stream as culprit, count(*) || ' events up to version ' || max(version) as detail
        from platform.events group by stream having count(*) <> max(version) or min(version) <> 1`,
  },
  {
    id: 'cursors-are-in-the-log',
    promise: 'No subscriber has read further than the log goes',
    sql: `
      select s.name as culprit, 'at ' || s.xid || '/' || s.position as detail
        from platform.subscribers s
       where (s.xid, s.position) > (select e.xid, e.position from platform.events e order by e.xid desc, e.position desc limit 1)`,
  },
  {
    id: 'nothing-is-parked',
    promise: 'No event waits for a person to look at it',
    sql: `select subscriber || ' ' || position as culprit, last_error as detail from platform.event_retries where parked_at is not null`,
  },
];
