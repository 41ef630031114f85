import { PUSH_SUBSCRIPTIONS_MAX } from '#domain/notifications/inbox/push-subscription.ts';
import type { Invariant } from '../../invariant.ts';

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

export const INBOX_INVARIANTS: readonly Invariant[] = [
  {
    id: 'notices-are-their-events',
    promise:
      'Every notice is for whom and about what the log says it was made, and read if and when the log says so: unread is counted from nothing else',
    sql: `
      select n.id::text as culprit, 'v' || n.version || ', log v' || coalesce(l.version, 0) || ', read ' || coalesce(n.read_at::text, 'never') as detail
        from notifications.notices n
        left join lateral (
          select max(version) as version, max((data ->> 'at')::bigint) filter (where type = 'notifications.notice_read') as read_at,
                 max(data::text) filter (where type = 'notifications.notice_created') :: jsonb as made
            from platform.events where stream = 'notice:' || n.id) l on true
       where l.version is distinct from n.version or l.read_at is distinct from ${ms('n.read_at')}
          or (l.made ->> 'accountId', l.made ->> 'restaurantId', l.made ->> 'category', (l.made ->> 'at')::bigint)
             is distinct from (n.account_id::text, n.restaurant_id::text, n.category, ${ms('n.created_at')})`,
  },
  {
    id: 'preferences-are-their-events',
    promise: 'How people wish to be told is what they said last',
    sql: `
      select p.account_id::text as culprit, 'v' || p.version || ', log v' || coalesce(l.version, 0) as detail
        from notifications.preferences p
        left join lateral (select version, data -> 'preferences' as wishes from platform.events
                            where stream = 'notification_preferences:' || p.account_id order by version desc limit 1) l on true
       where l.version is distinct from p.version or l.wishes is distinct from p.wishes`,
  },
  {
    id: 'dispatches-are-their-events',
    promise: 'What is on its way to somebody by text message, push or mail stands where the log left it, and was tried before it was sent',
    sql: `
      select d.id::text as culprit, 'row ' || d.status || ' v' || d.version || ', log ' || coalesce(l.type, 'nothing') || ' v' || coalesce(l.version, 0) as detail
        from notifications.dispatches d
        left join lateral (select type, version, data from platform.events where stream = 'dispatch:' || d.id order by version desc limit 1) l on true
       where l.version is distinct from d.version or d.attempts = 0 and d.status in ('processing', 'sent')
          or (l.data ->> 'accountId', l.data ->> 'channel') is distinct from (d.account_id::text, d.channel)
          or case l.type when 'notifications.dispatch_sent' then d.status <> 'sent' or d.attempts <> (l.data ->> 'attempts')::int
                         when 'notifications.dispatch_dropped' then d.status <> 'dropped'
                         else d.status not in ('pending', 'processing') end`,
  },
  {
    id: 'notices-go-out-once',
    promise: 'A notice goes out once by each channel, alone or gathered, to whom it is for and as what it is',
    sql: `
      with told as (
        select d.id, d.channel, d.account_id, d.category, d.is_critical, notice.id::uuid as notice_id
          from notifications.dispatches d cross join jsonb_array_elements_text(d.notice_ids) as notice (id))
      select notice_id::text as culprit, count(*) || ' times by ' || channel as detail from told group by notice_id, channel having count(*) > 1
      union all
      select t.id::text, 'tells ' || t.account_id || ' of ' || t.category || ': not what ' || n.id || ' is'
        from told t join notifications.notices n on n.id = t.notice_id
       where (t.account_id, t.category, t.is_critical) <> (n.account_id, n.category, n.is_critical)`,
  },
  {
    id: 'browsers-are-rung-for-one',
    promise: 'Every browser that is rung is at the version of its stream, and nobody has more than so many',
    sql: `
      select p.id::text as culprit, 'row v' || p.version || ', log v' || coalesce(l.version, 0) as detail
        from notifications.push_subscriptions p
        left join lateral (select version from platform.events where stream = 'push_subscription:' || p.id order by version desc limit 1) l on true
       where l.version is distinct from p.version
      union all
      select account_id::text, count(*) || ' browsers' from notifications.push_subscriptions group by account_id having count(*) > ${PUSH_SUBSCRIPTIONS_MAX}`,
  },
];
