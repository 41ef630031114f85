import type { RealtimeError } from '#domain/realtime/errors.ts';
import { mayFollowOrder } from '#domain/realtime/policy.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { TrackedOrder, TrackedOrders, TrackingLinks } from './ports.ts';

/** How long a link shows an order, from when it is to be ready. */
const LINK_MS = 48 * 60 * 60_000;

export type TrackingDeps = { readonly orders: TrackedOrders; readonly links: TrackingLinks };
export type TrackingLink = { readonly token: string; readonly expiresAt: number };

export const createTracking = ({ orders, links }: TrackingDeps) => ({
  /** A link that whoever has it can follow the order by, and do nothing else. Asked for again it is the same. */
  async trackingLink(orderId: string, actor: Actor): Promise<Result<TrackingLink, RealtimeError>> {
    const order = await orders.find(orderId);
    if (!order || !mayFollowOrder(actor, order)) return err({ code: 'realtime.order_not_found', orderId });
    const expiresAt = (order.scheduledFor ?? order.placedAt) + LINK_MS;
    return ok({ token: links.issue(orderId, expiresAt), expiresAt });
  },

  /** The order that a link shows; undefined when it shows none, or not any more. */
  async trackedOrder(orderId: string, token: string, now: number): Promise<TrackedOrder | undefined> {
    const link = links.read(token);
    return link?.orderId === orderId && now < link.expiresAt ? orders.find(orderId) : undefined;
  },
});
export type Tracking = ReturnType<typeof createTracking>;
