import { Hono } from 'hono';
import { accept, contest } from '../machines/disputes.ts';
import { held } from '../machines/refusal.ts';
import type { Evidence } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { Contest } from './bodies.ts';
import { bodyOf } from './json.ts';
import { list } from './lists.ts';

export function disputeRoutes(world: World): Hono {
  const { disputes } = world.tables;
  const app = new Hono({ strict: false });
  app.get('/disputes', (c) => list(c, disputes.values()));
  app.get('/disputes/:id', (c) => c.json(held(disputes, c.req.param('id'))));
  app.post('/disputes/:id/accept', (c) => c.json(accept(world, held(disputes, c.req.param('id')))));
  app.patch('/disputes/:id/contest', async (c) => {
    const dispute = held(disputes, c.req.param('id'));
    const { action, ...given } = await bodyOf(c, Contest);
    const evidence = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<Evidence>;
    return c.json(contest(world, dispute, { ...evidence, action }));
  });
  return app;
}
