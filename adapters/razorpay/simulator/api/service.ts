import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { replyFaults } from '../faults/replies.ts';
import { Refusal } from '../machines/refusal.ts';
import type { World } from '../world/world.ts';
import { accountRoutes } from './accounts.ts';
import { customerRoutes } from './customers.ts';
import { disputeRoutes } from './disputes.ts';
import { linkRoutes } from './links.ts';
import { orderRoutes } from './orders.ts';
import { paymentRoutes } from './payments.ts';
import { refundRoutes } from './refunds.ts';
import { settlementRoutes } from './settlements.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { transferRoutes } from './transfers.ts';

/** Razorpay's API, versions and all. */
export function service(world: World): Hono {
  const app = new Hono({ strict: false });
  app.use('*', async (c, next) => {
    const what = `${c.req.method} ${c.req.path}`;
    try {
      await next();
      world.note({ kind: 'call', what, status: c.res.status });
    } catch (error) {
      world.note({ kind: 'call', what, status: 0 });
      throw error;
    }
  });
  app.use('*', replyFaults(world));
  app.use('*', async (c, next) => {
    if (!isKey(c.req.header('authorization'), world)) throw new Refusal('Authentication failed', { source: 'NA', step: 'NA', reason: 'NA' }, 401);
    await next();
  });
  for (const routes of [
    orderRoutes,
    paymentRoutes,
    refundRoutes,
    transferRoutes,
    linkRoutes,
    customerRoutes,
    subscriptionRoutes,
    settlementRoutes,
    disputeRoutes,
  ]) {
    app.route('/v1', routes(world));
  }
  app.route('/', accountRoutes(world));

  app.all('*', () => {
    throw new Refusal('The requested URL was not found on the server.', { source: 'NA', step: 'NA', reason: 'NA' }, 404);
  });
  app.onError((error) => {
    if (error instanceof Refusal) return answer(error);
    throw error; // A lost reply is one that nobody gets.
  });
  return app;
}

const answer = ({ status, body }: Refusal): Response => Response.json({ error: body }, { status });

function isKey(header: string | undefined, { keys }: World): boolean {
  const [scheme = '', given = ''] = header?.split(' ') ?? [];
  const expected = Buffer.from(Buffer.from(`${keys.keyId}:${keys.keySecret}`).toString('base64'));
  const bytes = Buffer.from(given);
  return scheme.toLowerCase() === 'basic' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
