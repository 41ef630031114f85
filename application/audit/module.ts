import type { AuditDeps } from './ports.ts';
import { verifyTrail } from './verify-trail.ts';

/** Everything the outside may ask of the trail. Nobody may ask it to change. */
export const createAudit = (deps: Pick<AuditDeps, 'queries' | 'digest'>) => ({
  entries: deps.queries.search,
  statistics: deps.queries.statistics,
  verify: verifyTrail(deps),
});
export type Audit = ReturnType<typeof createAudit>;
