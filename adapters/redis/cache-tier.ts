import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { CacheKey } from '#application/platform/cache.ts';
import type { Claim, Question, SecondTier, Shared, SharedAnswer } from '../shared/platform/second-tier.ts';
import { RedisAway, type RedisConnection } from './connection.ts';

/** Of what is kept: another shape of it gets another number, so that old and new processes can run side by side. */
const SCHEMA = 'v1';
/** How long one process may take to read before another may try. */
const CLAIM_MS = 5_000;
/** How long another waits for it, and how often it looks. */
const WAIT_MS = 400;
const LOOK_MS = 20;
/** Versions of tags outlive what bears them; one that is gone makes it untrue. */
const TAG_MS = 24 * 3_600_000;
const OWED_MAX = 10_000;

/**
 * A copy is good while the versions of all its tags are what they were before it was read. Asks and claims in one step, so
 * that of all processes one reads; a claim from before an invalidation is worth nothing any more. KEYS: the copy, the claim, the tags. ARGV: stamp, stale ms, token, claim ms, tag ms.
 */
const READ = `
  local versions = {}
  for i = 3, #KEYS do
    local version = redis.call('GET', KEYS[i])
    if not version then
      version = ARGV[3]
      redis.call('SET', KEYS[i], version, 'PX', ARGV[5])
    end
    versions[i - 2] = version
  end
  local current = table.concat(versions, ' ')
  local copy = redis.call('HMGET', KEYS[1], 'stamp', 'versions', 'text')
  local isTrue = copy[1] and copy[2] == current
  if isTrue then
    local left = redis.call('PTTL', KEYS[1]) - tonumber(ARGV[2])
    if left > 0 and copy[1] == ARGV[1] then return { 'same', left } end
    if left > 0 then return { 'good', left, copy[1], copy[3] } end
  end
  local state = 'busy'
  local claim = redis.call('GET', KEYS[2])
  if not claim or string.sub(claim, #ARGV[3] + 2) ~= current then
    redis.call('SET', KEYS[2], ARGV[3] .. ' ' .. current, 'PX', ARGV[4])
    state = 'claimed'
  end
  if isTrue then return { state, 0, copy[1], copy[3], current } end
  return { state, 0, '', '', current }`;
/** Keeps what was read, unless the claim has gone to somebody else or a tag moved on meanwhile. */
const WRITE = `
  if redis.call('GET', KEYS[2]) ~= ARGV[1] .. ' ' .. ARGV[2] then return 0 end
  redis.call('DEL', KEYS[2])
  local versions = {}
  for i = 3, #KEYS do
    versions[i - 2] = redis.call('GET', KEYS[i]) or ''
  end
  if table.concat(versions, ' ') ~= ARGV[2] then return 0 end
  for i = 3, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[5]) end
  redis.call('HSET', KEYS[1], 'stamp', ARGV[1], 'versions', ARGV[2], 'text', ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return 1`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] .. ' ' .. ARGV[2] then return redis.call('DEL', KEYS[1]) end return 0`;

type Args = readonly (string | number)[];
type Scripted = Redis & {
  readCopy(keys: number, ...args: Args): Promise<[string, number, string?, string?, string?]>;
  writeCopy(keys: number, ...args: Args): Promise<number>;
  releaseCopy(keys: number, ...args: Args): Promise<number>;
};

/** Copies in Redis. The keys of a restaurant are in one slot of a cluster. */
export class RedisCacheTier implements SecondTier {
  readonly #connection: RedisConnection;
  /** What could not be told while Redis was away. */
  readonly #owed = new Set<string>();
  #owesAll = false;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async read(question: Question): Promise<SharedAnswer> {
    await this.#pay();
    const until = performance.now() + WAIT_MS;
    for (;;) {
      const answer = await this.#ask(question);
      if (answer.state !== 'busy' || answer.stale || performance.now() > until) return answer;
      await pause(LOOK_MS);
    }
  }

  async write(question: Question, { token, versions }: Claim, text: string, ttlMs: number): Promise<boolean> {
    const keys = this.#keys(question);
    const lifeMs = Math.ceil(ttlMs + question.staleMs);
    const written = await this.#connection.run((redis) => scripted(redis).writeCopy(keys.length, ...keys, token, versions, text, lifeMs, TAG_MS));
    return written === 1;
  }

  async release({ key }: Question, { token, versions }: Claim): Promise<void> {
    await this.#connection.run((redis) => scripted(redis).releaseCopy(1, this.#claimOf(key), token, versions));
  }

  async invalidate(tenant: string, tags: readonly string[]): Promise<void> {
    await this.#drop(tags.map((tag) => this.#tagOf(tenant, tag)));
  }

  /** The claim goes too, so that what is being read now is not kept. */
  async forget(key: CacheKey): Promise<void> {
    await this.#drop([this.#copyOf(key), this.#claimOf(key)]);
  }

  async #ask(question: Question): Promise<SharedAnswer> {
    const keys = this.#keys(question);
    const token = randomUUID();
    const { stamp = '', staleMs } = question;
    const [state, leftMs, found = '', text = '', versions = ''] = await this.#connection.run((redis) =>
      scripted(redis).readCopy(keys.length, ...keys, stamp, staleMs, token, CLAIM_MS, TAG_MS),
    );
    if (state === 'same') return { state, leftMs };
    if (state === 'good') return { state, leftMs, stamp: found, text };
    const stale: Shared | undefined = found === '' ? undefined : { stamp: found, text, leftMs: 0 };
    return state === 'claimed' ? { state, claim: { token, versions }, stale } : { state: 'busy', stale };
  }

  /** A version that is gone is none that anything was read under. */
  async #drop(keys: readonly string[]): Promise<void> {
    try {
      await this.#connection.run((redis) => Promise.all(keys.map((key) => redis.del(key))));
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      for (const key of keys) if (this.#owed.size < OWED_MAX) this.#owed.add(key);
      this.#owesAll ||= this.#owed.size >= OWED_MAX;
    }
  }

  async #pay(): Promise<void> {
    if (this.#owesAll) await this.#dropAll();
    if (this.#owed.size === 0) return;
    const keys = [...this.#owed];
    await this.#connection.run((redis) => Promise.all(keys.map((key) => redis.del(key))));
    for (const key of keys) this.#owed.delete(key);
  }

  /** More was owed than is remembered: nothing of what is there can be believed. */
  async #dropAll(): Promise<void> {
    let cursor = '0';
    do {
      const [next, keys] = await this.#connection.run((redis) => redis.scan(cursor, 'MATCH', `${this.#connection.key(SCHEMA)}:*`, 'COUNT', 1_000));
      if (keys.length > 0) await this.#connection.run((redis) => Promise.all(keys.map((key) => redis.unlink(key))));
      cursor = next;
    } while (cursor !== '0');
    this.#owesAll = false;
    this.#owed.clear();
  }

  #keys({ key, tags }: Question): readonly string[] {
    return [this.#copyOf(key), this.#claimOf(key), ...tags.map((tag) => this.#tagOf(key.tenant, tag))];
  }

  #copyOf({ tenant, namespace, id }: CacheKey): string {
    return this.#connection.key(SCHEMA, `{${tenant}}`, namespace, id);
  }

  #claimOf(key: CacheKey): string {
    return `${this.#copyOf(key)}:claim`;
  }

  #tagOf(tenant: string, tag: string): string {
    return this.#connection.key(SCHEMA, `{${tenant}}`, 'tag', tag);
  }
}

function scripted(redis: Redis): Scripted {
  if (!('readCopy' in redis)) {
    redis.defineCommand('readCopy', { lua: READ });
    redis.defineCommand('writeCopy', { lua: WRITE });
    redis.defineCommand('releaseCopy', { lua: RELEASE });
  }
  return redis as Scripted;
}
