import { z } from 'zod';
import type { Tracking } from '#application/realtime/track-order.ts';
import type { Clock } from '#application/shared/ports.ts';
import type { RealtimeError } from '#domain/realtime/errors.ts';
import { ok } from '#domain/shared/result.ts';
import type { ProblemTable } from '../problem.ts';
import { type AnyRoute, route } from '../route.ts';
import { Id, InstantView } from '../schemas.ts';
import { trackPage } from './track-page.ts';

const OrderParams = z.object({ orderId: Id });
const LinkView = z.object({ url: z.url(), token: z.string(), expiresAt: InstantView });
const PROBLEMS = {
  'realtime.order_not_found': {
    status: 404,
    title: 'There is no such order',
    detail: ({ orderId }: RealtimeError) => `No order ${orderId} that you may see.`,
  },
} as const satisfies ProblemTable;
const TOKEN = 'trk_m2k1x9w0_019a9f3e7c407b1c9d553f1f1c2b7a40_Zm9vYmFyYmF6cXV4Zm9vYmFy';

/** Following one order from outside: the link to it, and the page behind the link. */
export const realtimeRoutes = (tracking: Tracking, clock: Clock, publicUrl: string): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/orders/{orderId}/tracking',
    operationId: 'getOrderTracking',
    tag: 'Orders',
    summary: 'Get the link by which an order can be followed',
    description:
      'For its customer, and for who may read orders in its restaurant. Whoever has the link sees how far the order is and what is in it, and nothing of whose it is; it is the same every ' +
      'time, and good until two days after the order was to be ready. The token opens the socket too, for the channel of this order alone.',
    access: 'authenticated',
    params: OrderParams,
    status: 200,
    response: LinkView,
    example: {
      response: {
        url: `https://api.example.com/track/019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a40?token=${TOKEN}`,
        token: TOKEN,
        expiresAt: '2026-11-23T10:30:00.000Z',
      },
    },
    problems: PROBLEMS,
    async handle({ params: { orderId } }, { actor }) {
      const link = await tracking.trackingLink(orderId, actor);
      return link.ok ? ok({ ...link.value, url: `${publicUrl}/track/${orderId}?token=${link.value.token}` }) : link;
    },
  }),
  route({
    method: 'get',
    path: '/track/{orderId}',
    operationId: 'trackOrder',
    tag: 'Orders',
    summary: 'Look how far an order is',
    description:
      'A page for whoever was given the link. It changes by itself when the order does; without a script it looks again every half minute.',
    access: 'public',
    params: z.object({ orderId: z.string().meta({ example: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a40' }) }),
    query: z.object({
      token: z.string().max(200).catch('').optional().meta({ description: 'What proves that one was given the link.', example: TOKEN }),
    }),
    status: 200,
    response: z.string(),
    isPage: true,
    example: { response: '<!doctype html><html lang="en">…</html>' },
    problems: {},
    async handle({ params: { orderId }, query: { token = '' } }) {
      const order = Id.safeParse(orderId).success ? await tracking.trackedOrder(orderId.toLowerCase(), token, clock.now()) : undefined;
      return ok(String(trackPage(order && { ...order, orderId: orderId.toLowerCase(), token })));
    },
  }),
];
