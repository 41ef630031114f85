import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { Health } from '#application/platform/health.ts';
import { API_HEADERS } from './headers.ts';
import { health } from './health.ts';
import { httpProblem } from './problem.ts';
import type { Env } from './route.ts';

export type Status = {
  readonly health: Health;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** What a scraper must show to read the metrics; anybody may where there is none. */
  readonly metricsToken?: string | undefined;
};

/** How a process is, for those who watch it. */
export function status(app: Hono<Env>, { health: asked, metrics, metricsToken }: Status): void {
  health(app, asked);
  app.get('/metrics', async (c) => {
    if (!isScraper(c.req.header('authorization'), metricsToken)) {
      return httpProblem(c, { code: 'http.unauthenticated' }, { 'www-authenticate': 'Bearer' });
    }
    const { contentType, text } = await metrics();
    return c.body(text, 200, { ...API_HEADERS, 'content-type': contentType });
  });
}

/** All that a process says which serves no clients. */
export function createStatusApp(watched: Status): Hono<Env> {
  const app = new Hono<Env>();
  status(app, watched);
  app.notFound((c) => httpProblem(c, { code: 'http.not_found' }));
  return app;
}

/** Compared by digests, so that the time it takes says nothing of the token. */
const isScraper = (authorization: string | undefined, token: string | undefined): boolean =>
  token === undefined || timingSafeEqual(digestOf(authorization ?? ''), digestOf(`Bearer ${token}`));

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
