import { EMAIL_TEMPLATES, TEMPLATE_NAMES } from '#domain/notifications/email/templates.ts';
import type { Invariant } from '../../invariant.ts';

const security = TEMPLATE_NAMES.filter((name) => EMAIL_TEMPLATES[name].kind === 'security').map((name) => `'${name}'`);
const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

export const EMAIL_INVARIANTS: readonly Invariant[] = [
  {
    id: 'mails-are-their-events',
    promise: 'Every mail is on its way, sent or given up as the log left it, for the reason and at the time that it tells',
    sql: `
      select m.id::text as culprit, 'row ' || m.status || ' v' || m.version || ', log ' || coalesce(l.type, 'nothing') || ' v' || coalesce(v.version, 0) as detail
        from notifications.emails m
       cross join lateral (select max(version) as version from platform.events where stream = 'email:' || m.id) v
        left join lateral (select type, data from platform.events
                            where stream = 'email:' || m.id and type <> 'notifications.test_email_asked' order by version desc limit 1) l on true
       where v.version is distinct from m.version or l.data ->> 'template' is distinct from m.template
          or case l.type when 'notifications.email_sent' then m.status <> 'sent' or m.attempts <> (l.data ->> 'attempts')::int
                         when 'notifications.email_failed' then (m.status, m.failure, m.reason) is distinct from ('failed', l.data ->> 'failure', l.data ->> 'reason')
                         else m.status not in ('pending', 'processing') end
          or m.status in ('sent', 'failed') and ${ms('m.ended_at')} <> (l.data ->> 'at')::bigint`,
  },
  {
    id: 'mails-keep-their-time',
    promise: 'No mail is due before it was queued; what is with a process or was sent was tried, and what came too late says nothing any more',
    sql: `
      select id::text as culprit, status || coalesce(' (' || failure || ')', '') || ' after ' || attempts || ' attempts, due ' || due_at as detail
        from notifications.emails
       where due_at < queued_at or attempts = 0 and (status in ('processing', 'sent') or failure in ('refused', 'exhausted', 'lost'))
          or failure in ('expired', 'unreadable') and sealed_facts <> '' or failure = 'expired' and ended_at < expires_at`,
  },
  {
    id: 'nobody-is-locked-out-by-a-list',
    promise: 'Mail that concerns the security of an account goes even to addresses that are not written to',
    sql: `
      select id::text as culprit, template || ' was kept back' as detail
        from notifications.emails where failure = 'suppressed' and template in (${security.join(', ')})`,
  },
  {
    id: 'mails-of-many-are-of-a-campaign',
    promise: 'What goes to many is of a campaign with its text, and not to more than that was for',
    sql: `
      select m.campaign_id::text as culprit, count(*) || ' mails, for ' || coalesce(c.recipients::text, 'no campaign') as detail
        from notifications.emails m
        left join notifications.email_campaigns c on c.id = m.campaign_id and c.template = m.template
       where m.campaign_id is not null
       group by m.campaign_id, c.recipients having c.recipients is null or count(*) > c.recipients`,
  },
  {
    id: 'what-governs-mail-is-its-events',
    promise: 'Every address that is not written to, every campaign and whether mail leaves is at the version of its stream',
    sql: `
      with states as (
        select 'suppression:' || id as stream, version, reason from notifications.suppressions
        union all select 'email_campaign:' || id, version, null from notifications.email_campaigns
        union all select 'email_sending', version, reason from notifications.email_sending)
      select s.stream as culprit, 'row v' || s.version || coalesce(' ' || s.reason, '') || ', log v' || coalesce(e.version, 0) as detail
        from states s
        left join lateral (select version, data ->> 'reason' as reason from platform.events where stream = s.stream order by version desc limit 1) e on true
       where e.version is distinct from s.version or e.reason is distinct from s.reason`,
  },
];
