import type { Redis } from 'ioredis';
import { BrokerAway, type Member, type Presence } from '#application/realtime/ports.ts';
import type { RedisConnection } from '../connection.ts';

/** Longer than twice the time between two looks of a node after its clients. */
const TTL_MS = 60_000;

/** Takes out those whose time is over, and counts the clients of a user. The time is the server's: nodes need not agree on theirs. */
const PRUNE = `
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  local over = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)
  local gone = {}
  for _, client in ipairs(over) do
    local user = redis.call('HGET', KEYS[2], client)
    redis.call('HDEL', KEYS[2], client)
    redis.call('ZREM', KEYS[1], client)
    if user then gone[#gone + 1] = { client, user } end
  end
  local function clients(user)
    local count = 0
    for _, one in ipairs(redis.call('HVALS', KEYS[2])) do if one == user then count = count + 1 end end
    return count
  end
  local function keep(client, user)
    redis.call('ZADD', KEYS[1], now + ${TTL_MS}, client)
    redis.call('HSET', KEYS[2], client, user)
    redis.call('PEXPIRE', KEYS[1], ${2 * TTL_MS})
    redis.call('PEXPIRE', KEYS[2], ${2 * TTL_MS})
  end`;
const ENTER = `${PRUNE}
  local before = clients(ARGV[2])
  keep(ARGV[1], ARGV[2])
  return before == 0 and 1 or 0`;
const LEAVE = `${PRUNE}
  local was = redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[1], ARGV[1])
  return was == 1 and clients(ARGV[2]) == 0 and 1 or 0`;
const KEEP = `${PRUNE}
  for i = 1, #ARGV, 2 do keep(ARGV[i], ARGV[i + 1]) end
  local left = {}
  for _, one in ipairs(gone) do if clients(one[2]) == 0 then left[#left + 1] = one[1]; left[#left + 1] = one[2] end end
  return left`;
const MEMBERS = `${PRUNE}
  return redis.call('HGETALL', KEYS[2])`;

type Script = (expiries: string, clients: string, ...args: readonly string[]) => Promise<unknown>;
type Scripted = Redis & Readonly<Record<'presenceEnter' | 'presenceLeave' | 'presenceKeep' | 'presenceMembers', Script>>;

/** Who follows a channel on any node: a sorted set of when each client is taken for gone, and a hash of whose client it is. */
export class RedisPresence implements Presence {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async enter(channel: string, { clientId, userId }: Member): Promise<boolean> {
    return (await this.#ask('presenceEnter', channel, clientId, userId)) === 1;
  }

  async leave(channel: string, { clientId, userId }: Member): Promise<boolean> {
    return (await this.#ask('presenceLeave', channel, clientId, userId)) === 1;
  }

  async keep(channel: string, members: readonly Member[]): Promise<readonly Member[]> {
    const args = members.flatMap(({ clientId, userId }) => [clientId, userId]);
    return membersOf((await this.#ask('presenceKeep', channel, ...args)) as readonly string[]);
  }

  async members(channel: string): Promise<readonly Member[]> {
    return membersOf(await this.#ask('presenceMembers', channel));
  }

  async #ask(script: keyof Omit<Scripted, keyof Redis>, channel: string, ...args: readonly string[]): Promise<unknown> {
    const keys = [this.#connection.key('rt', `{${channel}}`, 'until'), this.#connection.key('rt', `{${channel}}`, 'who')] as const;
    try {
      return await this.#connection.run((redis) => scripted(redis)[script](...keys, ...args));
    } catch (error) {
      throw new BrokerAway('presence cannot be asked for', { cause: error });
    }
  }
}

/** Pairs, which newer servers answer as a map. */
function membersOf(reply: unknown): readonly Member[] {
  const flat = Array.isArray(reply) ? (reply as readonly string[]) : Object.entries(reply as Readonly<Record<string, string>>).flat();
  return Array.from({ length: flat.length / 2 }, (_, i) => ({ clientId: flat[2 * i] as string, userId: flat[2 * i + 1] as string }));
}

function scripted(redis: Redis): Scripted {
  if (!('presenceEnter' in redis)) {
    for (const [name, lua] of Object.entries({ presenceEnter: ENTER, presenceLeave: LEAVE, presenceKeep: KEEP, presenceMembers: MEMBERS }))
      redis.defineCommand(name, { lua, numberOfKeys: 2 });
  }
  return redis as unknown as Scripted;
}
