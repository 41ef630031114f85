import type { FraudQueries, StoredPolicy } from '#application/fraud/ports.ts';
import { type PageRequest, pageOf } from '#application/shared/page.ts';
import type { Decision } from '#domain/fraud/decision.ts';
import { ListEntry } from '#domain/fraud/list-entry.ts';
import { DEFAULT_POLICY } from '#domain/fraud/policy.ts';
import type { Review } from '#domain/fraud/review.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import { ATTEMPTS, attemptOf, DECISIONS, ENTRIES, POLICIES, REVIEWS } from './tables.ts';

const page = <T extends { readonly id: string }>(rows: readonly T[], request: PageRequest) =>
  pageOf(
    newestFirst(rows, ({ id }) => id, request),
    request.limit,
    ({ id }) => id,
    (row) => row,
  );

export const memoryFraudQueries = (store: MemoryStore): FraudQueries => ({
  decision: async (decisionId) => store.row<Decision>(DECISIONS, decisionId),
  async ofAttempt(attempt) {
    const known = store.row<{ readonly id: string }>(ATTEMPTS, attemptOf(attempt));
    return known && store.row<Decision>(DECISIONS, known.id);
  },
  decisions: async (restaurantId, { action }, request) =>
    page(
      store
        .rows<Decision>(DECISIONS)
        .filter(({ signals, verdict }) => signals.restaurantId === restaurantId && (action === undefined || verdict.action === action)),
      request,
    ),
  review: async (reviewId) => store.row<Review>(REVIEWS, reviewId),
  reviewOf: async (decisionId) => store.rows<Review>(REVIEWS).find((review) => review.decisionId === decisionId),
  reviews: async (restaurantId, { status }, request) =>
    page(
      store
        .rows<Review>(REVIEWS)
        .filter((review) => (restaurantId === null || review.restaurantId === restaurantId) && (status === undefined || review.status === status)),
      request,
    ),
  dueReviews: async (at, after, limit) =>
    store
      .rows<Review>(REVIEWS)
      .filter(
        ({ status, deadline, lease }) => (status === 'open' || status === 'claimed') && (deadline <= at || (lease !== null && lease.until <= at)),
      )
      .map(({ id }) => id)
      .filter((id) => after === undefined || id > after)
      .slice(0, limit),
  entries: async (restaurantId, { list }, request) =>
    page(
      store
        .rows<ListEntry>(ENTRIES)
        .filter((entry) => entry.removedAt === null && entry.restaurantId === restaurantId && (list === undefined || entry.list === list)),
      request,
    ),
  hits: async (restaurantId, names, at) =>
    store
      .rows<ListEntry>(ENTRIES)
      .filter(
        (entry) =>
          ListEntry.isLive(entry, at) &&
          (entry.restaurantId === null || entry.restaurantId === restaurantId) &&
          names.some(({ kind, token }) => entry.kind === kind && entry.token === token),
      )
      .map(({ id, list, kind }) => ({ entryId: id, list, kind })),
  policy: async (restaurantId) => store.row<StoredPolicy>(POLICIES, restaurantId) ?? { restaurantId, policy: DEFAULT_POLICY, version: 0 },
});
