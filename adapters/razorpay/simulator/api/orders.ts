import { Hono } from 'hono';
import { createOrder } from '../machines/orders.ts';
import { held, Refusal } from '../machines/refusal.ts';
import { checkAccount } from '../machines/transfers.ts';
import type { World } from '../world/world.ts';
import { NewOrder, NotesChange } from './bodies.ts';
import { bodyOf } from './json.ts';
import { list, whole } from './lists.ts';
import { paymentView } from './payments.ts';

export function orderRoutes(world: World): Hono {
  const { orders, payments, transfers } = world.tables;
  const app = new Hono({ strict: false });

  app.post('/orders', async (c) => {
    const body = await bodyOf(c, NewOrder);
    const planned = body.transfers ?? [];
    for (const one of planned) checkAccount(world, one);
    if (planned.reduce((sum, { amount }) => sum + amount, 0) > body.amount) {
      throw new Refusal('The sum of amount requested for transfer is greater than the order amount', { field: 'amount', step: 'order_creation' });
    }
    return c.json(createOrder(world, body));
  });

  app.get('/orders', (c) => {
    const receipt = c.req.query('receipt');
    const authorized = c.req.query('authorized');
    const isTouched = (id: string): boolean =>
      [...payments.values()].some(({ order_id, status }) => order_id === id && status !== 'created' && status !== 'failed');
    const asked = [...orders.values()].filter(
      (order) => (receipt === undefined || order.receipt === receipt) && (authorized === undefined || isTouched(order.id) === (authorized === '1')),
    );
    return list(c, asked);
  });

  app.get('/orders/:id', (c) => {
    const order = held(orders, c.req.param('id'));
    if (c.req.query('expand[]') !== 'transfers') return c.json(order);
    const paid = [...payments.values()].filter(({ order_id }) => order_id === order.id).map(({ id }) => id);
    const items = [...transfers.values()].filter(({ source }) => paid.includes(source));
    return c.json({ ...order, transfers: { entity: 'collection', count: items.length, items } });
  });

  app.patch('/orders/:id', async (c) => {
    const order = held(orders, c.req.param('id'));
    order.notes = (await bodyOf(c, NotesChange)).notes;
    return c.json(order);
  });

  app.get('/orders/:id/payments', (c) => {
    const { id } = held(orders, c.req.param('id'));
    return whole(
      c,
      [...payments.values()].filter(({ order_id }) => order_id === id).map((payment) => paymentView(payment)),
    );
  });
  return app;
}
