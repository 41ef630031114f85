import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { held } from '../machines/refusal.ts';
import type { Webhook } from '../webhooks/webhooks.ts';
import type { World } from '../world/world.ts';
import { NewWebhook } from './bodies.ts';
import { bodyOf } from './json.ts';
import { whole } from './lists.ts';

const NewAccount = z.looseObject({ email: z.string(), legal_business_name: z.string() });
const AccountChange = z.looseObject({});

/** Linked accounts, as far as money can be passed on to them, and who is told what happens. */
export function accountRoutes(world: World): Hono {
  const { accounts } = world.tables;
  const app = new Hono({ strict: false });

  app.post('/v2/accounts', async (c) => {
    const body = await bodyOf(c, NewAccount);
    const made = { ...body, id: world.id('acc'), type: 'route', status: 'created', entity: 'account' as const, created_at: world.now() };
    accounts.set(made.id, made);
    return c.json(made);
  });
  app.get('/v2/accounts/:id', (c) => c.json(held(accounts, c.req.param('id'))));
  app.patch('/v2/accounts/:id', async (c) => {
    const account = held(accounts, c.req.param('id'));
    const changed = { ...account, ...(await bodyOf(c, AccountChange)), id: account.id };
    accounts.set(account.id, changed);
    return c.json(changed);
  });

  const view = ({ id, url, active, events }: Webhook): object => ({ id, entity: 'webhook', url, active, events });
  const add = async (c: Context): Promise<Response> => {
    const { url, secret, events } = await bodyOf(c, NewWebhook);
    return c.json(view(world.webhooks.add({ id: world.id('wh'), url, secret, events })));
  };
  const all = (c: Context): Response => whole(c, [...world.webhooks.all.values()].map(view));
  app.post('/v1/webhooks', add);
  app.get('/v1/webhooks', all);
  app.post('/v2/accounts/:id/webhooks', add);
  app.get('/v2/accounts/:id/webhooks', all);
  return app;
}
