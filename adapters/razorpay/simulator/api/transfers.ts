import { Hono } from 'hono';
import { held } from '../machines/refusal.ts';
import { reverse, transferDirect } from '../machines/transfers.ts';
import type { World } from '../world/world.ts';
import { DirectTransfer, NewReversal, TransferChange } from './bodies.ts';
import { once } from './idempotency.ts';
import { bodyOf } from './json.ts';
import { list, whole } from './lists.ts';

export function transferRoutes(world: World): Hono {
  const { transfers, reversals } = world.tables;
  const app = new Hono({ strict: false });

  app.post('/transfers', async (c) => {
    const body = await bodyOf(c, DirectTransfer);
    const keyed = { header: 'x-transfer-idempotency', form: /^[\w-]{4,36}$/, scope: 'transfer', body };
    return c.json(once(world, c, keyed, () => transferDirect(world, body)));
  });
  app.get('/transfers', (c) => {
    const settlement = c.req.query('recipient_settlement_id');
    return list(
      c,
      [...transfers.values()].filter(({ recipient_settlement_id }) => settlement === undefined || recipient_settlement_id === settlement),
    );
  });
  app.get('/transfers/:id', (c) => c.json(held(transfers, c.req.param('id'))));
  app.patch('/transfers/:id', async (c) => {
    const made = held(transfers, c.req.param('id'));
    const { on_hold, on_hold_until, notes } = await bodyOf(c, TransferChange);
    if (on_hold !== undefined) made.on_hold = Boolean(on_hold);
    if (on_hold_until !== undefined) made.on_hold_until = on_hold_until;
    if (made.status === 'processed') made.settlement_status = made.on_hold ? 'on_hold' : 'pending';
    if (notes) made.notes = notes;
    return c.json(made);
  });
  app.post('/transfers/:id/reversals', async (c) => {
    const made = held(transfers, c.req.param('id'));
    const { amount, notes } = await bodyOf(c, NewReversal);
    return c.json(reverse(world, made, amount, notes));
  });
  app.get('/transfers/:id/reversals', (c) => {
    const { id } = held(transfers, c.req.param('id'));
    return whole(
      c,
      [...reversals.values()].filter(({ transfer_id }) => transfer_id === id),
    );
  });
  return app;
}
