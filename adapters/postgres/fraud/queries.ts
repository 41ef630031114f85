import type { FraudQueries } from '#application/fraud/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { LISTS } from '#domain/fraud/list-entry.ts';
import { ACTIONS } from '#domain/fraud/policy.ts';
import { REVIEW_STATUSES } from '#domain/fraud/review.ts';
import type { EntryHit } from '#domain/fraud/rules.ts';
import { LAST, newestOf } from '../paging.ts';
import { type Sql, timestamp } from '../sql.ts';
import { DECISION_COLUMNS, type DecisionRecord, findAttempt, findDecision, toDecision } from './decisions.ts';
import { findPolicy } from './labels.ts';
import { ENTRY_COLUMNS, type EntryRecord, toEntry } from './list-entries.ts';
import { findReview, REVIEW_COLUMNS, type ReviewRecord, toReview } from './reviews.ts';

const DECISIONS = `select ${DECISION_COLUMNS} from fraud.decisions d where ${newestOf('fraud.decisions', 'action', 'o.restaurant_id = $4::uuid and')}`;
const REVIEWS = `select ${REVIEW_COLUMNS} from fraud.reviews where ${newestOf('fraud.reviews', 'status', 'o.restaurant_id = $4::uuid and')}`;
const REVIEWS_OF_ALL = `select ${REVIEW_COLUMNS} from fraud.reviews where ${newestOf('fraud.reviews', 'status', '')}`;
const DUE = `
  select id from fraud.reviews
   where status in ('open', 'claimed') and (deadline <= $1::timestamptz or lease_until <= $1::timestamptz) and ($2::uuid is null or id > $2::uuid)
   order by id limit $3::int`;

const entriesOf = (tenant: string): string => `
  select ${ENTRY_COLUMNS} from fraud.list_entries where ${newestOf('fraud.list_entries', 'list', `${tenant} and o.removed_at is null and`)}`;
const ENTRIES = entriesOf('o.restaurant_id = $4::uuid');
const ENTRIES_OF_PLATFORM = entriesOf('o.restaurant_id is null');

// By token alone: it is made of its kind, so that no two kinds share one.
const hitsIn = (tenant: string): string => `
  select e.id, e.list, e.kind from fraud.list_entries e
   where ${tenant} and e.token = any($1::text[]) and e.removed_at is null and (e.expires_at is null or e.expires_at > $2::timestamptz)`;
const HITS = `${hitsIn('e.restaurant_id = $3::uuid')} union all ${hitsIn('e.restaurant_id is null')} order by id`;

export const postgresFraudQueries = (sql: () => Sql): FraudQueries => ({
  decision: (decisionId) => findDecision(sql(), decisionId),
  ofAttempt: (attempt) => findAttempt(sql(), attempt),
  async decisions(restaurantId, { action }, { limit, after = LAST }) {
    const rows = await sql()<DecisionRecord>(DECISIONS, [after, limit + 1, action === undefined ? ACTIONS : [action], restaurantId]);
    return pageOf(rows, limit, ({ id }) => id, toDecision);
  },
  review: (reviewId) => findReview(sql(), reviewId),
  async reviewOf(decisionId) {
    const [row] = await sql()<ReviewRecord>(`select ${REVIEW_COLUMNS} from fraud.reviews where decision_id = $1::uuid`, [decisionId]);
    return row && toReview(row);
  },
  async reviews(restaurantId, { status }, { limit, after = LAST }) {
    const params = [after, limit + 1, status === undefined ? REVIEW_STATUSES : [status]];
    const rows = await (restaurantId === null
      ? sql()<ReviewRecord>(REVIEWS_OF_ALL, params)
      : sql()<ReviewRecord>(REVIEWS, [...params, restaurantId]));
    return pageOf(rows, limit, ({ id }) => id, toReview);
  },
  async dueReviews(at, after, limit) {
    const rows = await sql()<{ id: string }>(DUE, [timestamp(at), after ?? null, limit]);
    return rows.map(({ id }) => id);
  },
  async entries(restaurantId, { list }, { limit, after = LAST }) {
    const params = [after, limit + 1, list === undefined ? LISTS : [list]];
    const rows = await (restaurantId === null
      ? sql()<EntryRecord>(ENTRIES_OF_PLATFORM, params)
      : sql()<EntryRecord>(ENTRIES, [...params, restaurantId]));
    return pageOf(rows, limit, ({ id }) => id, toEntry);
  },
  async hits(restaurantId, names, at) {
    const rows = await sql()<Pick<EntryRecord, 'id' | 'list' | 'kind'>>(HITS, [names.map(({ token }) => token), timestamp(at), restaurantId]);
    return rows.map(({ id, list, kind }): EntryHit => ({ entryId: id, list, kind }));
  },
  policy: (restaurantId) => findPolicy(sql(), restaurantId),
});
