import { ContainerModule } from 'inversify';
import { expiryOf } from '#adapters/jose/expiry.ts';
import { MemoryBroker } from '#adapters/memory/realtime/broker.ts';
import { MemoryPresence } from '#adapters/memory/realtime/presence.ts';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisBroker } from '#adapters/redis/realtime/broker.ts';
import { RedisPresence } from '#adapters/redis/realtime/presence.ts';
import type { Identity as IdentityUseCases } from '#application/identity/module.ts';
import type { AccountActor, Grants, IdentityQueries, Security, SessionStandings } from '#application/identity/ports.ts';
import { standingOf } from '#application/identity/standing.ts';
import type { OrderQueries } from '#application/ordering/ports.ts';
import { announce } from '#application/realtime/announce.ts';
import { type MayFollow, mayFollow } from '#application/realtime/may-follow.ts';
import type { Broker, Conversations, OrderParties, Passports, Presence } from '#application/realtime/ports.ts';
import type { Clock, Log } from '#application/shared/ports.ts';
import { OrderId } from '#domain/ordering/order.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { Identity } from './identity.ts';
import type { Module } from './module.ts';
import { Ordering } from './ordering.ts';
import { Platform } from './platform.ts';

export const Realtime = {
  redis: token<RedisConnection | undefined>('realtime.redis'),
  broker: token<Broker>('realtime.broker'),
  presence: token<Presence>('realtime.presence'),
  passports: token<Passports>('realtime.passports'),
  orders: token<OrderParties>('realtime.orders'),
  /** Whoever keeps conversations binds it anew; until then nobody takes part in any. */
  conversations: token<Conversations>('realtime.conversations'),
  mayFollow: token<MayFollow>('realtime.may-follow'),
};

/** Nobody's request waits for what is announced, so it may take its time, on a connection where it keeps nothing else waiting. */
const BROKER_PATIENCE_MS = 3_000;

function openBrokerConnection({ redis }: Config, log: Log): RedisConnection | undefined {
  if (redis === undefined) return undefined;
  const connection = new RedisConnection({ ...redis, patienceMs: BROKER_PATIENCE_MS }, log);
  void connection.open(); // Until it is, the broker is away.
  return connection;
}

const NO_CONVERSATIONS: Conversations = { isMember: async () => false, markRead: async () => undefined };

/** Access tokens, as sockets read them: who somebody is right now, and until when that is proved. */
const passportsOf = (
  { authenticate }: IdentityUseCases,
  standings: SessionStandings,
  standing: (sessionId: string) => Promise<AccountActor | undefined>,
  clock: Clock,
): Passports => ({
  async read(text) {
    const expiresAt = expiryOf(text);
    const viewer = await authenticate(text);
    if (viewer?.kind === 'account' && expiresAt !== undefined) return { viewer, expiresAt };
    return expiresAt !== undefined && expiresAt <= clock.now() ? 'expired' : 'invalid';
  },
  standing: (sessionId) => standings.get(sessionId, standing),
});

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
        (identity: IdentityUseCases, standings: SessionStandings, queries: IdentityQueries, grants: Grants, clock: Clock, security: Security) =>
          passportsOf(identity, standings, standingOf({ queries, grants, clock, security }), clock),
        [Identity.useCases, Identity.standings, Identity.queries, Identity.grants, Platform.clock, Identity.security],
      )
      .inSingletonScope();
    bind(Realtime.orders)
      .toResolvedValue(({ find }: OrderQueries): OrderParties => ({ find: (orderId) => find(OrderId.of(orderId)) }), [Ordering.queries])
      .inSingletonScope();
    bind(Realtime.conversations).toConstantValue(NO_CONVERSATIONS);
    bind(Realtime.mayFollow)
      .toResolvedValue(
        (orders: OrderParties, conversations: Conversations) => mayFollow({ orders, conversations }),
        [Realtime.orders, Realtime.conversations],
      )
      .inSingletonScope();
    bind(Platform.outlets)
      .toResolvedValue((broker: Broker) => announce({ broker }), [Realtime.broker])
      .inSingletonScope();
  }),
  postgres: new ContainerModule(() => undefined),
  memory: new ContainerModule(() => undefined),
  rows: [],
};
