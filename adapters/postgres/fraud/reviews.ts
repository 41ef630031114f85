import type { Reviews } from '#application/fraud/ports.ts';
import { Review, type ReviewFacts, type ReviewStatus } from '#domain/fraud/review.ts';
import { saved } from '../saved.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type ReviewRecord = {
  readonly id: string;
  readonly status: ReviewStatus;
  readonly lease_by: string | null;
  readonly lease_until: string | null;
  readonly facts: ReviewFacts;
  readonly approvals: Review['approvals'];
  readonly resolution: Review['resolution'];
  readonly version: number;
};

export const REVIEW_COLUMNS = 'id, status, lease_by, lease_until, facts, approvals, resolution, version';
export const toReview = ({ facts, lease_by, lease_until, ...row }: ReviewRecord): Review =>
  Review.check({ ...facts, ...row, lease: lease_by === null || lease_until === null ? null : { by: lease_by, until: instant(lease_until) } });

const INSERT = `
  insert into fraud.reviews (id, version, status, lease_by, lease_until, approvals, resolution, restaurant_id, decision_id, deadline, facts)
  values ($1::uuid, $2::int, $3, $4, $5::timestamptz, $6::jsonb, $7::jsonb, $8::uuid, $9::uuid, $10::timestamptz, $11::jsonb)`;
const MOVE = `
  update fraud.reviews set version = $2::int, status = $3, lease_by = $4, lease_until = $5::timestamptz, approvals = $6::jsonb, resolution = $7::jsonb
   where id = $1::uuid and version = $8::int returning 1`;

export async function findReview(sql: Sql, reviewId: string): Promise<Review | undefined> {
  const [row] = await sql<ReviewRecord>(`select ${REVIEW_COLUMNS} from fraud.reviews where id = $1::uuid`, [reviewId]);
  return row && toReview(row);
}

export const postgresReviews = ({ sql, append }: PostgresTx): Reviews => ({
  find: (reviewId) => findReview(sql, reviewId),
  async save({ state, events }) {
    const { id, status, lease, approvals, resolution, version, ...facts } = Review.check(state);
    const { restaurantId, decisionId, deadline } = facts;
    append({ stream: `fraud_review:${id}`, version, restaurantId }, events);
    const standing = [
      id,
      version + events.length,
      status,
      lease?.by ?? null,
      lease ? timestamp(lease.until) : null,
      JSON.stringify(approvals),
      resolution && JSON.stringify(resolution),
    ];
    if (version > 0) return saved(await sql(MOVE, [...standing, version]), `review ${id}`);
    await sql(INSERT, [...standing, restaurantId, decisionId, timestamp(deadline), JSON.stringify(facts)]);
  },
});
