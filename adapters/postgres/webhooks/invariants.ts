import { HISTORY_MAX } from '#domain/webhooks/delivery.ts';
import { ENDPOINTS_MAX } from '#domain/webhooks/endpoint.ts';
import { TEST_EVENT_TYPE, TOLD_TYPES } from '#domain/webhooks/public-events.ts';
import { ATTEMPTS_MAX, RETRY_AFTER_MAX_MS, waitAfter } from '#domain/webhooks/schedule.ts';
import type { Invariant } from '../invariant.ts';

const told = TOLD_TYPES.map((type) => `'${type}'`).join(', ');
/** After so many attempts that failed, the least and the most that is waited for the next. */
const waits = Array.from(
  { length: ATTEMPTS_MAX - 1 },
  (_, i) => `(${i + 1}, ${waitAfter(i + 1, null, 0)}, ${waitAfter(i + 1, RETRY_AFTER_MAX_MS, 1)})`,
);
const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;
const newest = (what: string, types: string): string =>
  `(array_agg(${what} order by version desc) filter (where type in (${types.split(' ').map((type) => `'webhooks.${type}'`)})))[1]`;
const BODY_IS_ITS_OWN = `(starts_with(d.body, '{"type":"' || d.event_type || '"') and strpos(d.body, '"data":{"restaurantId":"' || d.restaurant_id || '"') > 0)`;

export const WEBHOOKS_INVARIANTS: readonly Invariant[] = [
  {
    id: 'webhook-endpoints-are-their-events',
    promise: 'Every webhook is on or off, wants what it wants, fails and signs as the log left it',
    sql: `
      select e.id::text as culprit, wrong.what as detail
        from webhooks.endpoints e
       cross join lateral (
         select max(version) as version,
                ${newest('type', 'endpoint_added endpoint_enabled endpoint_disabled endpoint_deleted')} as moved,
                ${newest(`data ->> 'reason'`, 'endpoint_disabled')} as reason,
                ${newest(`data -> 'eventTypes'`, 'endpoint_added endpoint_changed')} as wanted,
                ${newest('data', 'secret_rotated')} as rotated,
                max(version) filter (where type in ('webhooks.endpoint_added', 'webhooks.endpoint_enabled', 'webhooks.endpoint_recovered',
                                                    'webhooks.endpoint_deleted')) as works_since
           from platform.events where stream = 'webhook_endpoint:' || e.id) l
       cross join lateral (
         select min((data ->> 'at')::bigint) as since from platform.events
          where stream = 'webhook_endpoint:' || e.id and version > l.works_since
            and (type = 'webhooks.endpoint_failing' or type = 'webhooks.endpoint_disabled' and data ->> 'reason' <> 'owner')) f
       cross join lateral (
         select 'row v' || e.version || ', log v' || coalesce(l.version, 0) as what where l.version is distinct from e.version
         union all select 'row ' || e.status || ', log ' || coalesce(l.moved, 'nothing')
          where e.status is distinct from case l.moved when 'webhooks.endpoint_disabled' then 'disabled' when 'webhooks.endpoint_deleted' then 'deleted' else 'enabled' end
         union all select 'off for ' || e.disabled_for || ', log ' || coalesce(l.reason, 'nothing') where e.status = 'disabled' and e.disabled_for is distinct from l.reason
         union all select 'wants ' || e.event_types::text || ', log ' || coalesce(l.wanted::text, 'nothing') where e.event_types is distinct from l.wanted
         union all select 'fails since ' || coalesce(e.failing_since::text, 'never') where ${ms('e.failing_since')} is distinct from f.since
         union all select 'has ' || jsonb_array_length(e.secrets) || ' secrets'
          where e.status <> 'deleted'
            and jsonb_array_length(e.secrets) <> case when (l.rotated ->> 'oldEndsAt')::bigint > (l.rotated ->> 'at')::bigint then 2 else 1 end
         union all select 'its old secret signs until ' || (e.secrets #>> '{1,endsAt}')
          where (e.secrets #>> '{1,endsAt}')::bigint <> (l.rotated ->> 'oldEndsAt')::bigint) wrong`,
  },
  {
    id: 'webhooks-of-a-restaurant-are-few',
    promise: 'No restaurant has more webhooks than it may have',
    sql: `
      select restaurant_id::text as culprit, count(*) || ' webhooks' as detail
        from webhooks.endpoints where status <> 'deleted' group by restaurant_id having count(*) > ${ENDPOINTS_MAX}`,
  },
  {
    id: 'webhook-deliveries-are-their-events',
    promise: 'Every delivery stands where the log left it, after as many attempts and replays',
    sql: `
      select d.id::text as culprit, 'row ' || d.status || ' v' || d.version || ', log ' || coalesce(l.type, 'nothing') || ' v' || coalesce(l.version, 0) as detail
        from webhooks.deliveries d
        left join lateral (select type, version, data from platform.events where stream = 'webhook_delivery:' || d.id order by version desc limit 1) l on true
       cross join lateral (select count(*) as replays from platform.events
                            where stream = 'webhook_delivery:' || d.id and type = 'webhooks.delivery_replayed') r
       where l.version is distinct from d.version or r.replays <> d.replays
          or case l.type when 'webhooks.delivery_succeeded' then d.status <> 'succeeded' or d.attempts <> (l.data ->> 'attempts')::int
                         when 'webhooks.delivery_failed' then d.failure is distinct from l.data ->> 'failure' or d.attempts <> (l.data ->> 'attempts')::int
                         else d.status not in ('waiting', 'sending') end`,
  },
  {
    id: 'webhook-deliveries-tell-of-the-log',
    promise: 'Every delivery is for a webhook of its restaurant that asked for it, and tells of an event of that restaurant, or is a test',
    sql: `
      select d.id::text as culprit,
             case when n.id is null then 'for no webhook of its restaurant'
                  when not ${BODY_IS_ITS_OWN} then 'its body is another’s'
                  when d.event_id is null then 'of no event, and no test'
                  when e.id is null then 'of no event of its restaurant that is told'
                  else 'nobody asked for ' || d.event_type end as detail
        from webhooks.deliveries d
        left join webhooks.endpoints n on n.id = d.endpoint_id and n.restaurant_id = d.restaurant_id
        left join platform.events e on e.id = d.event_id and e.restaurant_id = d.restaurant_id and e.type in (${told})
       where n.id is null
          or not ${BODY_IS_ITS_OWN}
          or case when d.event_id is null then d.event_type <> '${TEST_EVENT_TYPE}'
                  else e.id is null or not exists (
                    select 1 from platform.events asked cross join jsonb_array_elements_text(asked.data -> 'eventTypes') as wanted (type)
                     where asked.stream = 'webhook_endpoint:' || d.endpoint_id and asked.type in ('webhooks.endpoint_added', 'webhooks.endpoint_changed')
                       and (wanted.type in ('*', d.event_type) or right(wanted.type, 2) = '.*' and starts_with(d.event_type, left(wanted.type, -1)))) end`,
  },
  {
    id: 'webhook-deliveries-keep-the-schedule',
    promise: 'What waits has attempts left and is due when the schedule says; what was sent was taken, and what failed had no way left',
    sql: `
      with deliveries as (
        select d.*, case when event_id is null then 1 else ${ATTEMPTS_MAX} end as attempts_max, (history #>> '{0,statusCode}')::int as answered,
               (history #>> '{0,at}')::bigint + (history #>> '{0,durationMs}')::bigint as tried_at, ${ms('due_at')} as due
          from webhooks.deliveries d)
      select d.id::text as culprit, d.status || coalesce(' (' || d.failure || ')', '') || ' after ' || d.attempts || ' attempts, answered ' ||
             coalesce(d.answered::text, 'nothing') || ', due ' || d.due_at as detail
        from deliveries d
        left join (values ${waits.join(', ')}) as wait (attempts, least, most) on wait.attempts = d.attempts
        left join lateral (select (data ->> 'at')::bigint as at from platform.events
                            where d.status = 'waiting' and d.attempts = 0 and stream = 'webhook_delivery:' || d.id and type = 'webhooks.delivery_replayed'
                            order by version desc limit 1) replayed on true
       where d.attempts > d.attempts_max or jsonb_array_length(d.history) > least(d.claims, ${HISTORY_MAX})
          or case d.status
               when 'waiting' then d.attempts >= d.attempts_max
                    or case when d.attempts = 0 then d.due <> coalesce(replayed.at, ${ms('d.queued_at')})
                            else (d.due - d.tried_at between wait.least and wait.most) is not true end
               when 'sending' then d.attempts = 0 or jsonb_array_length(d.history) >= d.claims
               when 'succeeded' then (d.answered between 200 and 299) is not true
               else case d.failure when 'gone' then d.answered is distinct from 410
                                   when 'endpoint_disabled' then d.event_id is null
                                   else d.attempts < d.attempts_max end end`,
  },
  {
    id: 'webhooks-that-are-off-are-sent-nothing',
    promise: 'What was given up because its webhook was gone, or off, is of one that the log saw go off',
    sql: `
      select d.id::text as culprit, d.failure || ', and it never was' as detail
        from webhooks.deliveries d
       where d.failure in ('gone', 'endpoint_disabled') and d.event_id is not null
         and not exists (select 1 from platform.events
                          where stream = 'webhook_endpoint:' || d.endpoint_id and type in ('webhooks.endpoint_disabled', 'webhooks.endpoint_deleted'))`,
  },
];
