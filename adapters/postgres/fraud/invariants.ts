import { REVIEW_NEXT, REVIEW_STATUSES } from '#domain/fraud/review.ts';
import type { Invariant } from '../invariant.ts';

const DECISIONS: readonly Invariant[] = [
  {
    id: 'fraud-score-is-its-reasons',
    promise: 'The bias and the contributions of every fraud decision sum to its log-odds, and its probability follows from them',
    sql: `
      select d.id::text as culprit, 'bias and contributions ' || s.sum || ', log-odds ' || s.logit || ', probability ' || d.probability as detail
        from fraud.decisions d
        cross join lateral (
          select (d.verdict ->> 'logit')::float8 as logit,
                 (d.verdict ->> 'bias')::float8 + coalesce((select sum(c.value::text::float8) from jsonb_each(d.verdict -> 'contributions') c), 0) as sum) s
       where abs(s.sum - s.logit) > 1e-8 * (1 + abs(s.logit))
          or abs(d.probability - 1 / (1 + exp(-greatest(-700, least(700, s.logit))))) > 1e-9
          or d.probability <> (d.verdict ->> 'probability')::float8`,
  },
  {
    id: 'fraud-action-is-what-it-must-be',
    promise: 'Every fraud decision is the cheapest action by its stored costs, unless a stored rule demands another',
    sql: `
      select d.id::text as culprit, d.action || ', and ' || a.must || ' was called for' as detail
        from fraud.decisions d
        cross join lateral (
          select e.key as cheapest, array_position(array['allow', 'step_up', 'review', 'block'], e.key) as rank
            from jsonb_each_text(d.verdict -> 'expected') e
           order by e.value::float8, array_position(array['allow', 'step_up', 'review', 'block'], e.key) limit 1) c
        cross join lateral (
          select coalesce(max(array_position(array['allow', 'step_up', 'review', 'block'], r ->> 'demands')) filter (where r ->> 'demands' <> 'allow'), 0) as demanded,
                 coalesce(bool_or(r ->> 'demands' = 'allow'), false) as is_allowed
            from jsonb_array_elements(d.verdict -> 'rules') r) r
        cross join lateral (
          select (array['allow', 'step_up', 'review', 'block'])[case when r.demanded = 4 then 4 when r.is_allowed then 1 else greatest(c.rank, r.demanded) end] as must) a
       where d.action <> a.must or d.action <> d.verdict ->> 'action' or c.cheapest <> d.verdict ->> 'cheapest'`,
  },
  {
    id: 'fraud-decisions-are-logged',
    promise: 'The detection log tells of every fraud decision, with the same signals and the same verdict, and of no other',
    sql: `
      select coalesce(d.id::text, e.stream) as culprit, case when e.id is null then 'not in the log' when d.id is null then 'no such decision' else 'the log says otherwise' end as detail
        from fraud.decisions d
        full join (select * from platform.events where type = 'fraud.assessed') e on e.stream = 'fraud_decision:' || d.id
       where e.id is null or d.id is null or e.data -> 'signals' <> d.signals or e.data -> 'verdict' <> d.verdict`,
  },
  {
    id: 'fraud-labels-wait-for-their-time',
    promise: 'No fraud decision counted more frauds of its customer than were known when it was made',
    sql: `
      select d.id::text as culprit, 'counted ' || (d.verdict #>> '{features,customer_frauds}') || ' frauds, ' || k.known || ' were known' as detail
        from (select * from fraud.decisions where (verdict #>> '{features,customer_frauds}')::numeric > 0) d
        cross join lateral (
          select count(*) as known
            from fraud.decisions o join platform.events e on e.stream = 'fraud_labels:' || o.id
           where o.customer_id = d.customer_id and (e.data #>> '{held,after}')::boolean and not (e.data #>> '{held,before}')::boolean
             and (e.data ->> 'labelTime')::bigint <= (extract(epoch from d.decided_at) * 1000)::bigint) k
       where (d.verdict #>> '{features,customer_frauds}')::numeric > k.known`,
  },
  {
    id: 'fraud-labels-are-logged',
    promise: 'Every set of fraud labels stands where its last event left it, and nothing was known of a payment before it was decided on',
    sql: `
      select l.decision_id::text as culprit, 'v' || l.version || ', log v' || coalesce(e.version, 0) as detail
        from fraud.label_sets l
        left join lateral (select max(version) as version from platform.events where stream = 'fraud_labels:' || l.decision_id) e on true
       where e.version is distinct from l.version
      union all
      select l.decision_id::text, (x ->> 'source') || ' knew before there was anything to know'
        from fraud.label_sets l join fraud.decisions d on d.id = l.decision_id, jsonb_array_elements(l.labels) x
       where (x ->> 'labelTime')::bigint < (extract(epoch from d.decided_at) * 1000)::bigint`,
  },
];

const STATUS_OF_EVENT = `
  case e.type when 'fraud.review_opened' then 'open' when 'fraud.review_claimed' then 'claimed' when 'fraud.review_reopened' then 'open'
              when 'fraud.review_endorsed' then 'open' when 'fraud.review_approved' then 'approved' when 'fraud.review_rejected' then 'rejected' end`;
const legalMoves = REVIEW_STATUSES.flatMap((from) => REVIEW_NEXT[from].map((to) => `('${from}', '${to}')`)).join(', ');

const REVIEWS: readonly Invariant[] = [
  {
    id: 'fraud-reviews-are-their-events',
    promise: 'Every review stands where its last event left it, and came there by legal moves',
    sql: `
      select r.id::text as culprit, r.status || ' v' || r.version || ', log ' || coalesce(e.status, 'nothing') || ' v' || coalesce(e.version, 0) as detail
        from fraud.reviews r
        left join lateral (select ${STATUS_OF_EVENT} as status, e.version from platform.events e
                            where e.stream = 'fraud_review:' || r.id order by e.version desc limit 1) e on true
       where e.status is distinct from r.status or e.version is distinct from r.version
      union all
      select s.stream, s.before || ' to ' || s.status
        from (select e.stream, ${STATUS_OF_EVENT} as status, lag(${STATUS_OF_EVENT}) over (partition by e.stream order by e.version) as before
                from platform.events e where e.stream like 'fraud\\_review:%') s
       where s.before is not null and (s.before, s.status) not in (${legalMoves})`,
  },
  {
    id: 'fraud-reviews-of-decisions',
    promise: 'Every decision to review has its one review, and nothing else has any',
    sql: `
      select coalesce(d.id, r.decision_id)::text as culprit, case when r.id is null then 'no review' else 'a review of what was not to be reviewed' end as detail
        from (select * from fraud.decisions where action = 'review') d full join fraud.reviews r on r.decision_id = d.id
       where d.id is null or r.id is null`,
  },
  {
    id: 'fraud-reviews-by-enough-people',
    promise: 'A review that needs two people was approved by two different ones, and none by its own customer',
    sql: `
      select r.id::text as culprit, 'approved by ' || a.people || ' of ' || (r.facts ->> 'approvalsNeeded') as detail
        from fraud.reviews r
        cross join lateral (select count(distinct x ->> 'by') as people, coalesce(bool_or(x ->> 'by' = r.facts ->> 'customerId'), false) as is_own
                              from jsonb_array_elements(r.approvals) x) a
       where (r.status = 'approved' and not (r.resolution ->> 'isDefault')::boolean and a.people < (r.facts ->> 'approvalsNeeded')::int) or a.is_own`,
  },
  {
    id: 'fraud-reviews-end-in-time',
    promise: 'No review waits long after its deadline, and none was decided by a person after it',
    sql: `
      select r.id::text as culprit, r.status || ', and should have been decided by ' || r.deadline as detail
        from fraud.reviews r
       where r.status in ('open', 'claimed') and r.deadline < (select max(recorded_at) from platform.events) - interval '1 hour'
      union all
      select r.id::text, 'decided by ' || (r.resolution ->> 'by') || ' after ' || r.deadline
        from fraud.reviews r
       where not (r.resolution ->> 'isDefault')::boolean and (r.resolution ->> 'at')::bigint > (extract(epoch from r.deadline) * 1000)::bigint`,
  },
];

const LISTS: readonly Invariant[] = [
  {
    id: 'fraud-lists-are-logged',
    promise: 'Every entry of the deny and allow lists is what the log says was added, until it says it was removed',
    sql: `
      select l.id::text as culprit, 'v' || l.version || ', log v' || coalesce(e.version, 0) as detail
        from fraud.list_entries l
        left join lateral (select version, type from platform.events where stream = 'fraud_list_entry:' || l.id order by version desc limit 1) e on true
       where e.version is distinct from l.version or (e.type = 'fraud.list_entry_removed') <> (l.removed_at is not null)`,
  },
  {
    id: 'fraud-denied-is-blocked',
    promise: 'Nothing that met a deny list was let through, whatever else it met',
    sql: `
      select d.id::text as culprit, 'denied, and ' || d.action as detail
        from fraud.decisions d, jsonb_array_elements(d.verdict -> 'rules') r where r ->> 'name' = 'denied' and d.action <> 'block'`,
  },
];

export const FRAUD_INVARIANTS: readonly Invariant[] = [...DECISIONS, ...REVIEWS, ...LISTS];
