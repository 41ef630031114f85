import { STAFF_ROLES } from '#domain/partners/staff.ts';
import type { Invariant } from '../invariant.ts';

const BUILT_IN = STAFF_ROLES.map((role) => `'${role}'`).join(', ');

export const PARTNERS_INVARIANTS: readonly Invariant[] = [
  {
    id: 'staffing-state-is-its-events',
    promise: 'Every role that a restaurant made, every place in its staff and every invitation is at the version of its stream',
    sql: `
      with states as (
        select 'role:' || id as stream, version from partners.roles
        union all select 'invitation:' || id, version from partners.invitations
        union all select 'staff:' || restaurant_id || ':' || account_id, version from partners.staff)
      select s.stream as culprit, 'row v' || s.version || ', log v' || coalesce(e.version, 0) as detail
        from states s
        left join lateral (select version from platform.events where stream = s.stream order by version desc limit 1) e on true
       where e.version is distinct from s.version`,
  },
  {
    id: 'staff-hold-roles-there-are',
    promise: 'Whoever works for a restaurant holds a role that every restaurant has, or one that this one made',
    sql: `
      select s.restaurant_id || ':' || s.account_id as culprit, 'holds ' || s.role as detail
        from partners.staff s
        left join partners.roles r on r.restaurant_id = s.restaurant_id and r.id::text = s.role
       where s.role is not null and s.role not in (${BUILT_IN}) and r.id is null`,
  },
  {
    id: 'one-invitation-waits-for-an-address',
    promise: 'Of the invitations of a restaurant to one address, only the newest can be accepted',
    sql: `
      select restaurant_id::text as culprit, count(*) || ' wait for one address' as detail
        from partners.invitations
       where status = 'pending' and expires_at > now()
       group by restaurant_id, email having count(*) > 1`,
  },
];
