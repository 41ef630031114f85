import type { Context, Hono } from 'hono';
import type { CheckStatus, Health } from '#application/platform/health.ts';
import { API_HEADERS } from './headers.ts';
import type { Env } from './route.ts';

const TYPE = 'application/health+json';

/** live: the process runs. ready: send it work. The plain address says both, and what it depends on. */
export function health(app: Hono<Env>, { isAccepting, checks, startedAt }: Health): void {
  app.get('/health/live', (c) => answer(c, 'pass', {}));
  app.get('/health/ready', async (c) => {
    const isReady = isAccepting() && (await checks()).every(({ status }) => status !== 'fail');
    return answer(c, isReady ? 'pass' : 'fail', {});
  });
  app.get('/health', async (c) => {
    const found = await checks();
    const worst = (['fail', 'warn', 'pass'] as const).find((status) => found.some((check) => check.status === status)) ?? 'pass';
    return answer(c, isAccepting() ? worst : 'fail', {
      uptimeSeconds: Math.round((Date.now() - startedAt) / 1_000),
      checks: Object.fromEntries(found.map(({ name, ...check }) => [name, check])),
    });
  });
}

const answer = (c: Context, status: CheckStatus, more: object) =>
  c.body(JSON.stringify({ status, ...more }), status === 'fail' ? 503 : 200, { ...API_HEADERS, 'content-type': TYPE });
