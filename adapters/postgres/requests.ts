import type { RequestClaim, RequestQueries, Requests } from '#application/shared/requests.ts';
import { type Sql, timestamp } from './sql.ts';
import type { PostgresTx } from './tx.ts';

type Row = { readonly fingerprint: string; readonly outcome: string };

// The advisory lock answers "running" at once where the insert alone would wait for the other transaction to end.
const CLAIM = `
  with asked as materialized (
    select * from jsonb_to_recordset($1::jsonb) as r (scope text, key text, fingerprint text, outcome text, at timestamptz)
     where pg_try_advisory_xact_lock(hashtextextended(scope || ' ' || key, 0))
  )
  insert into platform.requests (scope, key, fingerprint, outcome, claimed_at)
  select scope, key, fingerprint, outcome, at from asked
  on conflict do nothing
  returning scope, key, outcome`;
type Claimed = Pick<RequestClaim, 'scope' | 'key' | 'outcome'>;

export const postgresRequests = ({ sql, gather }: PostgresTx, now: () => number): Requests => ({
  async claim(request: RequestClaim) {
    const { scope, key, outcome } = request;
    const claimed = await gather<Claimed>(CLAIM, { ...request, at: timestamp(now()) });
    // No two requests make the same thing: what was claimed for this outcome is this one's.
    if (claimed.some((one) => one.scope === scope && one.key === key && one.outcome === outcome)) return 'claimed';
    return (await postgresRequestQueries(sql).find(scope, key)) ?? 'running';
  },
});

export const postgresRequestQueries = (sql: Sql): RequestQueries => ({
  async find(scope, key) {
    const [row] = await sql<Row>('select fingerprint, outcome from platform.requests where scope = $1 and key = $2', [scope, key]);
    return row;
  },
});
