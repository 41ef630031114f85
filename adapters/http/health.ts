import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Check, CheckStatus, Health } from '#application/platform/health.ts';
import { ok } from '#domain/shared/result.ts';
import { API_HEADERS, jsonType } from './headers.ts';
import { type AnyRoute, type Env, route } from './route.ts';

const TYPE = jsonType('application/health+json');
const STATUSES = ['fail', 'warn', 'pass'] as const;

/** live: the process runs. ready: send it work. The plain address says both, and what it depends on. */
export function health(app: Hono<Env>, { isAccepting, checks, startedAt, version }: Health): void {
  app.get('/health/live', (c) => answer(c, 'pass', {}));
  app.get('/health/ready', async (c) => {
    const isReady = isAccepting() && (await checks()).every(({ status }) => status !== 'fail');
    return answer(c, isReady ? 'pass' : 'fail', {});
  });
  app.get('/health', async (c) => {
    const found = await checks();
    return answer(c, isAccepting() ? worstOf(found) : 'fail', {
      ...(version !== undefined && { version }),
      uptimeSeconds: uptimeOf(startedAt),
      checks: Object.fromEntries(found.map(({ name, status, detail }) => [name, { status, ...(detail !== undefined && { detail }) }])),
    });
  });
}

const worstOf = (found: readonly Check[]): CheckStatus => STATUSES.find((status) => found.some((check) => check.status === status)) ?? 'pass';
const uptimeOf = (startedAt: number): number => Math.round((Date.now() - startedAt) / 1_000);

const answer = (c: Context, status: CheckStatus, more: object) =>
  c.body(JSON.stringify({ status, ...more }), status === 'fail' ? 503 : 200, { ...API_HEADERS, 'content-type': TYPE });

const Status = z.enum(STATUSES);
const Measured = z.object({ value: z.number(), unit: z.string() });
const HealthView = z.object({
  status: Status,
  version: z.string(),
  uptimeSeconds: z.int(),
  checks: z.array(z.object({ name: z.string(), status: Status, detail: z.string().optional(), observed: Measured.optional() })),
});
const EXAMPLE = {
  status: 'warn' as const,
  version: '0.1.0',
  uptimeSeconds: 86_400,
  checks: [
    { name: 'database', status: 'pass' as const, observed: { value: 1.2, unit: 'ms' } },
    { name: 'memory', status: 'warn' as const, detail: 'it takes more than it should', observed: { value: 1_181_116_006, unit: 'bytes' } },
  ],
};

/** What was measured, which is not for everybody. */
export const healthRoutes = ({ checks, startedAt, version = '' }: Health): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/health/details',
    operationId: 'getHealthDetails',
    tag: 'Operations',
    summary: 'Read what the health of this process was measured by',
    description: 'The same checks as `/health`, with their numbers.',
    access: { permission: 'platform:operate', in: 'platform' },
    status: 200,
    response: HealthView,
    example: { response: EXAMPLE },
    problems: {},
    async handle() {
      const found = await checks();
      return ok({ status: worstOf(found), version, uptimeSeconds: uptimeOf(startedAt), checks: [...found] });
    },
  }),
];
