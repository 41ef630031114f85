import type { RequestClaim, RequestQueries, Requests } from '#application/shared/requests.ts';
import { type Sql, timestamp } from './sql.ts';

type Row = { readonly fingerprint: string; readonly outcome: string };

// The advisory lock answers "running" at once where the insert alone would wait for the other transaction to end.
const CLAIM = `
  insert into platform.requests (scope, key, fingerprint, outcome, claimed_at)
  select $1, $2, $3, $4, $5::timestamptz
   where pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))
  on conflict do nothing
  returning true as claimed`;

export const postgresRequests = (sql: Sql, now: () => number): Requests => ({
  async claim({ scope, key, fingerprint, outcome }: RequestClaim) {
    const [claimed] = await sql(CLAIM, [scope, key, fingerprint, outcome, timestamp(now())]);
    return claimed ? 'claimed' : ((await postgresRequestQueries(sql).find(scope, key)) ?? 'running');
  },
});

export const postgresRequestQueries = (sql: Sql): RequestQueries => ({
  async find(scope, key) {
    const [row] = await sql<Row>('select fingerprint, outcome from platform.requests where scope = $1 and key = $2', [scope, key]);
    return row;
  },
});
