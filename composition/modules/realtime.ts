import { ContainerModule } from 'inversify';
import { realtimeRoutes } from '#adapters/http/realtime/routes.ts';
import { expiryOf } from '#adapters/jose/expiry.ts';
import { MemoryBroker } from '#adapters/memory/realtime/broker.ts';
import { MemoryPresence } from '#adapters/memory/realtime/presence.ts';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisBroker } from '#adapters/redis/realtime/broker.ts';
import { RedisPresence } from '#adapters/redis/realtime/presence.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { hmacTrackingLinks } from '#adapters/system/tracking-links.ts';
import type { GatewayStats } from '#adapters/websocket/gateway.ts';
import type { Identity as IdentityUseCases } from '#application/identity/module.ts';
import type { AccountActor, Grants, IdentityQueries, Security, SessionStandings } from '#application/identity/ports.ts';
import { standingOf } from '#application/identity/standing.ts';
import type { OrderingFacts, OrderQueries } from '#application/ordering/ports.ts';
import type { PartnersQueries } from '#application/partners/ports.ts';
import type { Measure } from '#application/platform/measures.ts';
import { announce } from '#application/realtime/announce.ts';
import { type MayFollow, mayFollow } from '#application/realtime/may-follow.ts';
import type { Broker, Conversations, OrderParties, Passports, Presence, TrackedOrders, TrackingLinks } from '#application/realtime/ports.ts';
import { createTracking, type Tracking } from '#application/realtime/track-order.ts';
import type { Clock, Log } from '#application/shared/ports.ts';
import type { Support as SupportUseCases } from '#application/support/module.ts';
import { OrderId } from '#domain/ordering/order.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { Identity } from './identity.ts';
import type { Module } from './module.ts';
import { Ordering } from './ordering.ts';
import { Partners } from './partners.ts';
import { Platform, type Secrets } from './platform.ts';
import { Support } from './support.ts';

export const Realtime = {
  redis: token<RedisConnection | undefined>('realtime.redis'),
  broker: token<Broker>('realtime.broker'),
  presence: token<Presence>('realtime.presence'),
  passports: token<Passports>('realtime.passports'),
  orders: token<OrderParties>('realtime.orders'),
  conversations: token<Conversations>('realtime.conversations'),
  mayFollow: token<MayFollow>('realtime.may-follow'),
  links: token<TrackingLinks>('realtime.links'),
  tracked: token<TrackedOrders>('realtime.tracked'),
  /** `trackingLink` is what a mail about an order asks for. */
  tracking: token<Tracking>('realtime.tracking'),
  /** The sockets of this process, once it has any. */
  sockets: token<OpenSockets>('realtime.sockets'),
};

/** Nobody's request waits for what is announced, so it may take its time, on a connection where it keeps nothing else waiting. */
const BROKER_PATIENCE_MS = 3_000;

function openBrokerConnection({ redis }: Config, log: Log): RedisConnection | undefined {
  if (redis === undefined) return undefined;
  const connection = new RedisConnection({ ...redis, patienceMs: BROKER_PATIENCE_MS }, log);
  void connection.open(); // Until it is, the broker is away.
  return connection;
}

/** Conversations are kept by support. A receipt for what is not there is nobody's loss. */
const conversationsOf = ({ takesPart, markThreadRead }: SupportUseCases): Conversations => ({
  isMember: takesPart,
  async markRead(threadId, actor, seq) {
    await markThreadRead({ threadId, seq }, actor);
  },
});

/** Access tokens, as sockets read them: who somebody is right now, and until when that is proved. */
const passportsOf = (
  { authenticate }: IdentityUseCases,
  standings: SessionStandings,
  standing: (sessionId: string) => Promise<AccountActor | undefined>,
  links: TrackingLinks,
  clock: Clock,
): Passports => ({
  async read(text) {
    const link = links.read(text);
    if (link) return clock.now() < link.expiresAt ? { viewer: { kind: 'order_link', orderId: link.orderId }, expiresAt: link.expiresAt } : 'expired';
    const expiresAt = expiryOf(text);
    const viewer = await authenticate(text);
    if (viewer?.kind === 'account' && expiresAt !== undefined) return { viewer, expiresAt };
    return expiresAt !== undefined && expiresAt <= clock.now() ? 'expired' : 'invalid';
  },
  standing: (sessionId) => standings.get(sessionId, standing),
});

/** Orders as their links show them. */
const trackedOrders = (orders: OrderQueries, { restaurant }: PartnersQueries): TrackedOrders => ({
  async find(orderId) {
    const order = await orders.find(OrderId.of(orderId));
    if (!order) return undefined;
    const [place, history] = await Promise.all([restaurant(order.restaurantId), orders.history(order.id, order.version)]);
    const { restaurantId, customerId, number, diningOption, placedAt, scheduledFor, reason } = order;
    const lines = order.lines.map(({ name, quantity }) => ({ name, quantity }));
    const { name: restaurantName = '', timeZone = 'UTC' } = place ?? {};
    return { restaurantId, restaurantName, timeZone, customerId, number, diningOption, lines, placedAt, scheduledFor, reason, history };
  },
});

/** What the sockets of this process have come to; nothing while there are none. */
type OpenSockets = { stats: (() => GatewayStats) | undefined };
const measureOf =
  (name: string, help: string, key: keyof GatewayStats) =>
  (sockets: OpenSockets): Measure => ({ name, help, read: () => [{ value: sockets.stats?.()[key] ?? 0 }] });
const SOCKET_MEASURES = [
  measureOf('thali_sockets_connections', 'Open WebSockets of this process', 'connections'),
  measureOf('thali_sockets_channels', 'Channels that somebody follows in this process', 'channels'),
  measureOf('thali_sockets_subscriptions', 'Subscriptions of the sockets of this process', 'subscriptions'),
  measureOf('thali_sockets_messages_total', 'Messages that were passed on to sockets', 'sent'),
  measureOf('thali_sockets_closed_slow_total', 'Sockets that were closed because their client did not read', 'closedSlow'),
];

export const realtime: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Realtime.redis)
      .toResolvedValue(openBrokerConnection, [Platform.config, Platform.log])
      .inSingletonScope()
      .onDeactivation((redis) => redis?.close());
    bind(Realtime.broker)
      .toResolvedValue(
        (redis: RedisConnection | undefined, clock: Clock): Broker => (redis ? new RedisBroker(redis) : new MemoryBroker(() => clock.now())),
        [Realtime.redis, Platform.clock],
      )
      .inSingletonScope();
    bind(Realtime.presence)
      .toResolvedValue((redis: RedisConnection | undefined): Presence => (redis ? new RedisPresence(redis) : new MemoryPresence()), [Realtime.redis])
      .inSingletonScope();
    bind(Realtime.passports)
      .toResolvedValue(
        (
          identity: IdentityUseCases,
          standings: SessionStandings,
          queries: IdentityQueries,
          grants: Grants,
          clock: Clock,
          security: Security,
          links: TrackingLinks,
        ) => passportsOf(identity, standings, standingOf({ queries, grants, clock, security }), links, clock),
        [Identity.useCases, Identity.standings, Identity.queries, Identity.grants, Platform.clock, Identity.security, Realtime.links],
      )
      .inSingletonScope();
    bind(Realtime.orders)
      .toResolvedValue(({ find }: OrderQueries): OrderParties => ({ find: (orderId) => find(OrderId.of(orderId)) }), [Ordering.queries])
      .inSingletonScope();
    bind(Realtime.conversations).toResolvedValue(conversationsOf, [Support.useCases]).inSingletonScope();
    bind(Realtime.mayFollow)
      .toResolvedValue(
        (orders: OrderParties, { restaurants }: OrderingFacts, conversations: Conversations) =>
          mayFollow({ orders, conversations, restaurants: { exists: async (id) => (await restaurants.find(id)) !== undefined } }),
        [Realtime.orders, Ordering.facts, Realtime.conversations],
      )
      .inSingletonScope();
    bind(Realtime.links)
      .toResolvedValue((secrets: Secrets) => hmacTrackingLinks(deriveKeys(secrets, 'tracking')), [Platform.secrets])
      .inSingletonScope();
    bind(Realtime.tracked).toResolvedValue(trackedOrders, [Ordering.queries, Partners.queries]).inSingletonScope();
    bind(Realtime.tracking)
      .toResolvedValue((orders: TrackedOrders, links: TrackingLinks) => createTracking({ orders, links }), [Realtime.tracked, Realtime.links])
      .inSingletonScope();
    bind(Platform.routes)
      .toResolvedValue(
        (tracking: Tracking, clock: Clock, { publicUrl }: Config) => realtimeRoutes(tracking, clock, publicUrl),
        [Realtime.tracking, Platform.clock, Platform.config],
      )
      .inSingletonScope();
    bind(Realtime.sockets).toConstantValue({ stats: undefined });
    for (const measure of SOCKET_MEASURES)
      bind(Platform.measures)
        .toResolvedValue((sockets: OpenSockets) => measure(sockets), [Realtime.sockets])
        .inSingletonScope();
    bind(Platform.outlets)
      .toResolvedValue((broker: Broker) => announce({ broker }), [Realtime.broker])
      .inSingletonScope();
  }),
  postgres: new ContainerModule(() => undefined),
  memory: new ContainerModule(() => undefined),
  rows: [],
};
