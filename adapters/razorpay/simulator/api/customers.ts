import { Hono } from 'hono';
import { createCustomer } from '../machines/customers.ts';
import { held } from '../machines/refusal.ts';
import type { Token } from '../world/customer-entities.ts';
import type { World } from '../world/world.ts';
import { CustomerChange, NewCustomer } from './bodies.ts';
import { bodyOf } from './json.ts';
import { list, whole } from './lists.ts';

export function customerRoutes(world: World): Hono {
  const { customers, tokens } = world.tables;
  const app = new Hono({ strict: false });
  const tokensOf = (customerId: string): Map<string, Token> => tokens.get(held(customers, customerId).id) ?? new Map<string, Token>();

  app.post('/customers', async (c) => c.json(createCustomer(world, await bodyOf(c, NewCustomer))));
  app.get('/customers', (c) => list(c, customers.values()));
  app.get('/customers/:id', (c) => c.json(held(customers, c.req.param('id'))));
  app.put('/customers/:id', async (c) => {
    const customer = held(customers, c.req.param('id'));
    return c.json(Object.assign(customer, await bodyOf(c, CustomerChange)));
  });
  app.get('/customers/:id/tokens', (c) => whole(c, [...tokensOf(c.req.param('id')).values()]));
  app.get('/customers/:id/tokens/:tokenId', (c) => c.json(held(tokensOf(c.req.param('id')), c.req.param('tokenId'))));
  app.delete('/customers/:id/tokens/:tokenId', (c) => {
    const saved = tokensOf(c.req.param('id'));
    saved.delete(held(saved, c.req.param('tokenId')).id);
    return c.json({ deleted: true });
  });
  return app;
}
