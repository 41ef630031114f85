/** What can be followed of a restaurant. */
export const RESTAURANT_TOPICS = ['orders', 'kitchen', 'tables', 'menu', 'dashboard', 'staff'] as const;
export type RestaurantTopic = (typeof RESTAURANT_TOPICS)[number];

/** A stream of messages that somebody may follow. Its name says what it is about, and nothing else decides who may. */
export type Channel =
  | { readonly kind: 'restaurant'; readonly restaurantId: string; readonly topic: RestaurantTopic }
  | { readonly kind: 'order'; readonly orderId: string }
  | { readonly kind: 'user'; readonly accountId: string }
  | { readonly kind: 'role'; readonly restaurantId: string; readonly role: string }
  | { readonly kind: 'chat'; readonly threadId: string };

export const CHANNEL_NAME_MAX = 128;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** One of ours, or the id of one that a restaurant made. */
const ROLE = /^[a-z0-9_-]{1,36}$/;

/** The channel of a name; undefined for every text that is not exactly the name of one. */
function parse(name: string): Channel | undefined {
  const [kind, id = '', last, ...rest] = name.split(':');
  if (name.length > CHANNEL_NAME_MAX || rest.length > 0 || !UUID.test(id)) return undefined;
  if (kind === 'restaurant') return isTopic(last) ? { kind, restaurantId: id, topic: last } : undefined;
  if (kind === 'role') return last !== undefined && ROLE.test(last) ? { kind, restaurantId: id, role: last } : undefined;
  if (last !== undefined) return undefined;
  switch (kind) {
    case 'order':
      return { kind, orderId: id };
    case 'user':
      return { kind, accountId: id };
    case 'chat':
      return { kind, threadId: id };
    default:
      return undefined;
  }
}

const isTopic = (text: string | undefined): text is RestaurantTopic => RESTAURANT_TOPICS.includes(text as RestaurantTopic);

function nameOf(channel: Channel): string {
  switch (channel.kind) {
    case 'restaurant':
      return `restaurant:${channel.restaurantId}:${channel.topic}`;
    case 'order':
      return `order:${channel.orderId}`;
    case 'user':
      return `user:${channel.accountId}`;
    case 'role':
      return `role:${channel.restaurantId}:${channel.role}`;
    case 'chat':
      return `chat:${channel.threadId}`;
  }
}

/** Whether those who follow it may see each other: colleagues and the two ends of a conversation, not staff and customers. */
const hasPresence = (channel: Channel): boolean =>
  channel.kind === 'chat' || (channel.kind === 'restaurant' && channel.topic !== 'menu' && channel.topic !== 'dashboard');

/** Whether people talk in it, so that it carries who is writing and who has read how far. */
const isConversation = (channel: Channel): boolean => channel.kind === 'chat' || (channel.kind === 'restaurant' && channel.topic === 'staff');

export const Channel = { parse, nameOf, hasPresence, isConversation };
