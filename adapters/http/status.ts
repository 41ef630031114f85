import { Hono } from 'hono';
import type { Health } from '#application/platform/health.ts';
import { API_HEADERS } from './headers.ts';
import { health } from './health.ts';
import { httpProblem } from './problem.ts';
import type { Env } from './route.ts';

export type Status = { readonly health: Health; metrics(): Promise<{ readonly contentType: string; readonly text: string }> };

/** How a process is, for those who watch it. */
export function status(app: Hono<Env>, { health: asked, metrics }: Status): void {
  health(app, asked);
  app.get('/metrics', async (c) => {
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
