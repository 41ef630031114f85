import { Hono } from 'hono';
import { captureAsked } from '../machines/payments.ts';
import { refundAsked } from '../machines/refunds.ts';
import { held, noSuchId } from '../machines/refusal.ts';
import { transferFromPayment } from '../machines/transfers.ts';
import type { Payment } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { NewCapture, NewRefund, NotesChange, PaymentTransfers } from './bodies.ts';
import { once } from './idempotency.ts';
import { bodyOf } from './json.ts';
import { list, whole } from './lists.ts';

/** What the API says of a payment; webhooks say more. */
export function paymentView({ base_amount, amount_transferred, late_authorized, card, upi, ...payment }: Payment, expand?: string): object {
  return { ...payment, ...(expand === 'card' && card && { card }), ...(upi && { upi: { vpa: upi.vpa } }) };
}

export function paymentRoutes(world: World): Hono {
  const { payments, refunds, transfers, downtimes } = world.tables;
  const app = new Hono({ strict: false });
  const payment = (id: string): Payment => held(payments, id);

  app.get('/payments', (c) => list(c, payments.values(), (one) => paymentView(one, c.req.query('expand[]'))));
  app.get('/payments/downtimes', (c) => list(c, downtimes.values()));
  app.get('/payments/downtimes/:id', (c) => c.json(held(downtimes, c.req.param('id'))));
  app.get('/payments/:id', (c) => c.json(paymentView(payment(c.req.param('id')), c.req.query('expand[]'))));
  app.get('/payments/:id/card', (c) => {
    const { card } = payment(c.req.param('id'));
    if (!card) throw noSuchId();
    return c.json(card);
  });

  app.patch('/payments/:id', async (c) => {
    const one = payment(c.req.param('id'));
    one.notes = (await bodyOf(c, NotesChange)).notes;
    return c.json(paymentView(one));
  });

  app.post('/payments/:id/capture', async (c) => {
    const one = payment(c.req.param('id'));
    const { amount, currency } = await bodyOf(c, NewCapture);
    return c.json(paymentView(captureAsked(world, one, amount, currency)));
  });

  app.post('/payments/:id/refund', async (c) => {
    const one = payment(c.req.param('id'));
    const body = await bodyOf(c, NewRefund);
    const keyed = { header: 'x-refund-idempotency', form: /^[\w-]{10,}$/, scope: `refund ${one.id}`, body };
    return c.json(once(world, c, keyed, () => refundAsked(world, one, body)));
  });

  app.get('/payments/:id/refunds', (c) => {
    const { id } = payment(c.req.param('id'));
    return list(
      c,
      [...refunds.values()].filter(({ payment_id }) => payment_id === id),
    );
  });
  app.get('/payments/:id/refunds/:refundId', (c) => {
    const refund = held(refunds, c.req.param('refundId'));
    if (refund.payment_id !== c.req.param('id')) throw noSuchId();
    return c.json(refund);
  });

  app.post('/payments/:id/transfers', async (c) => {
    const one = payment(c.req.param('id'));
    const body = await bodyOf(c, PaymentTransfers);
    return whole(c, transferFromPayment(world, one, body.transfers));
  });
  app.get('/payments/:id/transfers', (c) => {
    const { id } = payment(c.req.param('id'));
    return list(
      c,
      [...transfers.values()].filter(({ source }) => source === id),
    );
  });
  return app;
}
