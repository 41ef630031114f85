import { Hono } from 'hono';
import { held } from '../machines/refusal.ts';
import { cancel, createSubscription, pause, resume } from '../machines/subscriptions.ts';
import type { Plan } from '../world/customer-entities.ts';
import type { World } from '../world/world.ts';
import { EndSubscription, MoveSubscription, NewPlan, NewSubscription } from './bodies.ts';
import { bodyOf } from './json.ts';
import { list } from './lists.ts';

export function subscriptionRoutes(world: World): Hono {
  const { plans, subscriptions } = world.tables;
  const app = new Hono({ strict: false });

  app.post('/plans', async (c) => {
    const { item, notes, ...body } = await bodyOf(c, NewPlan);
    const at = world.now();
    const { description = null, ...priced } = item;
    const made: Plan = {
      id: world.id('plan'),
      entity: 'plan',
      ...body,
      item: { id: world.id('item'), active: true, description, unit_amount: item.amount, type: 'plan', created_at: at, updated_at: at, ...priced },
      notes: notes ?? [],
      created_at: at,
    };
    plans.set(made.id, made);
    return c.json(made);
  });
  app.get('/plans', (c) => list(c, plans.values()));
  app.get('/plans/:id', (c) => c.json(held(plans, c.req.param('id'))));

  app.post('/subscriptions', async (c) => c.json(createSubscription(world, await bodyOf(c, NewSubscription))));
  app.get('/subscriptions', (c) => {
    const plan = c.req.query('plan_id');
    return list(
      c,
      [...subscriptions.values()].filter(({ plan_id }) => plan === undefined || plan_id === plan),
    );
  });
  app.get('/subscriptions/:id', (c) => c.json(held(subscriptions, c.req.param('id'))));
  app.post('/subscriptions/:id/cancel', async (c) => {
    const made = held(subscriptions, c.req.param('id'));
    cancel(world, made, (await bodyOf(c, EndSubscription)).cancel_at_cycle_end ?? false);
    return c.json(made);
  });
  for (const [path, move] of [
    ['pause', pause],
    ['resume', resume],
  ] as const) {
    app.post(`/subscriptions/:id/${path}`, async (c) => {
      const made = held(subscriptions, c.req.param('id'));
      await bodyOf(c, MoveSubscription);
      move(world, made);
      return c.json(made);
    });
  }
  return app;
}
