import { AUDITED } from '#domain/audit/classes.ts';
import type { Invariant } from '../invariant.ts';

const audited = AUDITED.map((type) => `'${type}'`).join(', ');

export const AUDIT_INVARIANTS: readonly Invariant[] = [
  {
    id: 'trail-is-the-log',
    promise: 'Every entry of the audit trail says what the log says',
    sql: `
      select a.class || ' ' || a.seq as culprit, case when e.id is null then 'no such event' else 'other facts than the log' end as detail
        from audit.entries a left join platform.events e on e.id = a.event_id
       where e.id is null or e.type <> a.type or e.actor <> a.actor or e.stream <> a.stream or e.restaurant_id is distinct from a.restaurant_id
          or e.data - '{order,signals,verdict}'::text[] <> a.data`,
  },
  {
    id: 'trail-is-whole',
    promise: 'Nothing that belongs into the audit trail is missing from it, once it has been read',
    sql: `
      select e.stream || ' v' || e.version as culprit, e.type || ' is not in the trail' as detail
        from platform.events e
        join platform.subscribers s on s.name = 'audit-trail' and (e.xid, e.position) <= (s.xid, s.position)
        left join audit.entries a on a.event_id = e.id
       where e.type in (${audited}) and a.event_id is null
         and e.recorded_at >= coalesce((select max(pruned_before) from audit.chains), '-infinity')
         and not exists (select 1 from platform.event_retries r where r.subscriber = s.name and r.position = e.position)`,
  },
  {
    id: 'chains-have-no-gaps',
    promise: 'Each chain of the audit trail runs without a gap from where it was pruned to its end',
    sql: `
      select c.class as culprit, count(a.seq) || ' entries, the first ' || coalesce(min(a.seq), 0) || ', the last ' || coalesce(max(a.seq), 0) as detail
        from audit.chains c left join audit.entries a on a.class = c.class
       group by c.class, c.pruned, c.last
      having count(a.seq) <> c.last - c.pruned or (count(a.seq) > 0 and (min(a.seq) <> c.pruned + 1 or max(a.seq) <> c.last))`,
  },
];
