import { Channel } from '#domain/realtime/channel.ts';
import { mayFollow as decide, mayFollowOrder, type Viewer } from '#domain/realtime/policy.ts';
import type { RealtimeDeps } from './ports.ts';

/** Whether a viewer may follow the channel of a name, right now. What is not the name of a channel may be followed by nobody. */
export const mayFollow =
  ({ orders, restaurants, conversations }: Pick<RealtimeDeps, 'orders' | 'restaurants' | 'conversations'>) =>
  async (viewer: Viewer, name: string): Promise<boolean> => {
    const channel = Channel.parse(name);
    if (!channel) return false;
    const decided = decide(viewer, channel);
    // Who may everywhere, or may as anybody may, may here only if there is a here.
    if (decided === true && channel.kind === 'restaurant') return restaurants.exists(channel.restaurantId);
    if (decided !== 'ask') return decided;
    if (channel.kind === 'order') {
      const order = await orders.find(channel.orderId);
      return order !== undefined && mayFollowOrder(viewer, order);
    }
    return channel.kind === 'chat' && viewer.kind === 'account' && conversations.isMember(channel.threadId, viewer);
  };
export type MayFollow = ReturnType<typeof mayFollow>;
