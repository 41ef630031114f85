import { defineEntity, p } from '@mikro-orm/core';
import { REPLAY_STATUSES } from '#application/platform/range-replays.ts';

/** A queue of jobs that no node starts anything of. */
export const PausedQueueRow = defineEntity({
  name: 'PausedQueueRow',
  schema: 'platform',
  tableName: 'paused_queues',
  properties: { name: p.text().primary(), pausedAt: p.datetime(3) },
});

/** A process of the installation, for as long as it says that it lives. All times are the database's. */
export const NodeRow = defineEntity({
  name: 'NodeRow',
  schema: 'platform',
  tableName: 'nodes',
  properties: {
    id: p.uuid().primary(),
    role: p.text(),
    version: p.text(),
    host: p.text(),
    pid: p.integer(),
    hasRedis: p.boolean(),
    startedAt: p.datetime(3),
    seenAt: p.datetime(3),
    load: p.json<Record<string, number>>(),
  },
});

/** Who may do a task that only one node may do. The token grows with every new holder. */
export const LeaseRow = defineEntity({
  name: 'LeaseRow',
  schema: 'platform',
  tableName: 'leases',
  properties: { task: p.text().primary(), holder: p.text(), token: p.bigint('number'), expiresAt: p.datetime(3) },
});

/** A part of the log that one subscription is handed again, beside what it reads live, and how far that has come. */
export const RangeReplayRow = defineEntity({
  name: 'RangeReplayRow',
  schema: 'platform',
  tableName: 'range_replays',
  checks: [{ name: 'range_replays_status_is_known', expression: `status in (${REPLAY_STATUSES.map((name) => `'${name}'`).join(', ')})` }],
  properties: {
    id: p.uuid().primary(),
    subscriber: p.text(),
    fromPosition: p.bigint('string'),
    toPosition: p.bigint('string'),
    types: p.json<readonly string[]>().nullable(),
    xid: p.string().columnType('xid8'),
    position: p.bigint('string'),
    lastXid: p.string().columnType('xid8'),
    lastPosition: p.bigint('string'),
    handled: p.integer(),
    status: p.text(),
    requestedBy: p.text(),
    requestedAt: p.datetime(3),
    endedAt: p.datetime(3).nullable(),
    lastError: p.text().nullable(),
  },
});

export const PLATFORM_ADMIN_ROWS = [PausedQueueRow, NodeRow, LeaseRow, RangeReplayRow];
