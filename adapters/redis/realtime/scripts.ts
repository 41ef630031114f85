import type { Redis } from 'ioredis';

const KEPT_MAX = 300;
const KEPT_SECONDS = 10 * 60;
/** How long a stream is known to be the same one, without anything on it. */
const STREAM_SECONDS = 24 * 60 * 60;

/** A stream that is not known, or not any more, begins anew under another epoch: nobody can take it for the one before. */
const EPOCH = `
  local epoch = redis.call('HGET', KEYS[1], 'epoch')
  if not epoch then
    epoch = ARGV[1]
    redis.call('DEL', KEYS[2])
    redis.call('HSET', KEYS[1], 'epoch', epoch, 'offset', 0)
  end
  redis.call('EXPIRE', KEYS[1], ${STREAM_SECONDS})`;

const PUBLISH = `
  local had = redis.call('GET', KEYS[3])
  if had then return { string.sub(had, 1, 8), tonumber(string.sub(had, 10)) } end
  ${EPOCH}
  local offset = redis.call('HINCRBY', KEYS[1], 'offset', 1)
  redis.call('XADD', KEYS[2], 'MAXLEN', '=', ${KEPT_MAX}, offset .. '-0', 'd', ARGV[2])
  redis.call('EXPIRE', KEYS[2], ${KEPT_SECONDS})
  redis.call('SET', KEYS[3], epoch .. ' ' .. offset, 'EX', ${KEPT_SECONDS})
  redis.call('PUBLISH', ARGV[3], 'p' .. epoch .. ' ' .. offset .. ' ' .. ARGV[2])
  return { epoch, offset }`;

/** Where the stream ends, and a part of what it keeps, all at one moment. */
const READ = `
  ${EPOCH}
  local offset = redis.call('HGET', KEYS[1], 'offset')
  local limit = tonumber(ARGV[5])
  if limit == 0 or ARGV[2] == '+' then return { epoch, tonumber(offset), {} } end
  if limit < 0 then limit = ${KEPT_MAX} end
  if ARGV[4] == 'reverse' then return { epoch, tonumber(offset), redis.call('XREVRANGE', KEYS[2], ARGV[3], ARGV[2], 'COUNT', limit) } end
  return { epoch, tonumber(offset), redis.call('XRANGE', KEYS[2], ARGV[2], ARGV[3], 'COUNT', limit) }`;

export type ReadReply = readonly [epoch: string, offset: number, rows: readonly (readonly [id: string, fields: readonly [string, string]])[]];
type Scripted = Redis & {
  realtimePublish(at: string, kept: string, had: string, epoch: string, data: string, carrier: string): Promise<[string, number]>;
  realtimeRead(at: string, kept: string, epoch: string, from: string, to: string, way: string, limit: number): Promise<ReadReply>;
};

export function realtimeScripts(redis: Redis): Scripted {
  if (!('realtimePublish' in redis)) {
    redis.defineCommand('realtimePublish', { lua: PUBLISH, numberOfKeys: 3 });
    redis.defineCommand('realtimeRead', { lua: READ, numberOfKeys: 2 });
  }
  return redis as Scripted;
}
