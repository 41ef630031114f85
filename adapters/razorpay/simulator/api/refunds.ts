import { Hono } from 'hono';
import { held } from '../machines/refusal.ts';
import type { World } from '../world/world.ts';
import { NotesChange } from './bodies.ts';
import { bodyOf } from './json.ts';
import { list } from './lists.ts';

export function refundRoutes({ tables: { refunds } }: World): Hono {
  const app = new Hono({ strict: false });
  app.get('/refunds', (c) => list(c, refunds.values()));
  app.get('/refunds/:id', (c) => c.json(held(refunds, c.req.param('id'))));
  app.patch('/refunds/:id', async (c) => {
    const refund = held(refunds, c.req.param('id'));
    refund.notes = (await bodyOf(c, NotesChange)).notes;
    return c.json(refund);
  });
  return app;
}
