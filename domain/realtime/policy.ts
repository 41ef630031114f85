import { type Actor, may, type Permission, worksAt } from '../shared/actor.ts';
import type { Channel, RestaurantTopic } from './channel.ts';

/** Who follows: somebody signed in, or whoever holds the link to one order. */
export type Viewer = Actor | { readonly kind: 'order_link'; readonly orderId: string };

/** What following a restaurant takes; `anybody` who is signed in, or whoever `works` there. */
const TAKES: Readonly<Record<RestaurantTopic, Permission | 'anybody' | 'works'>> = {
  orders: 'orders:read',
  kitchen: 'orders:prepare',
  tables: 'orders:read',
  menu: 'anybody',
  dashboard: 'ledger:read',
  staff: 'works',
};

/** Whether a viewer may follow a channel; `ask` when only whoever keeps the order or the conversation can tell. */
export function mayFollow(viewer: Viewer, channel: Channel): boolean | 'ask' {
  if (viewer.kind === 'order_link') return channel.kind === 'order' && channel.orderId === viewer.orderId;
  if (viewer.kind !== 'account') return false;
  switch (channel.kind) {
    case 'restaurant':
      return mayFollowRestaurant(viewer, channel.restaurantId, TAKES[channel.topic]);
    case 'user':
      return channel.accountId === viewer.accountId;
    case 'role':
      return viewer.grants.some(({ restaurantId, role }) => restaurantId === channel.restaurantId && role === channel.role);
    case 'order':
    case 'chat':
      return 'ask';
  }
}

function mayFollowRestaurant(viewer: Actor, restaurantId: string, takes: Permission | 'anybody' | 'works'): boolean {
  if (takes === 'anybody') return true;
  return takes === 'works' ? worksAt(viewer, restaurantId) : may(viewer, takes, restaurantId);
}

/** Whether a viewer may follow an order, once it is known whose it is. */
export const mayFollowOrder = (viewer: Viewer, order: { readonly customerId: string; readonly restaurantId: string }): boolean =>
  viewer.kind === 'account' && (viewer.accountId === order.customerId || may(viewer, 'orders:read', order.restaurantId));
