import { defineEntity, p } from '@mikro-orm/core';

/** Append-only. `xid` is the transaction that wrote the event: position alone is the order of taking numbers, not of committing. */
export const EventRow = defineEntity({
  name: 'EventRow',
  schema: 'platform',
  tableName: 'events',
  uniques: [
    { name: 'events_stream_version', properties: ['stream', 'version'] },
    { name: 'events_id', properties: ['id'] },
  ],
  indexes: [
    { name: 'events_type', properties: ['type', 'id'] },
    { name: 'events_restaurant', properties: ['restaurantId', 'id'] },
    { name: 'events_actor', properties: ['actor', 'id'] },
  ],
  properties: {
    xid: p.string().columnType('xid8').primary().defaultRaw('pg_current_xact_id()'),
    position: p.bigint('string').primary().autoincrement(),
    id: p.uuid(),
    type: p.text(),
    stream: p.text(),
    version: p.integer(),
    restaurantId: p.uuid().nullable(),
    data: p.json<Record<string, unknown>>(),
    actor: p.text(),
    traceId: p.text().nullable(),
    recordedAt: p.datetime(3),
  },
});

/** How far a subscriber has read. Events up to the replay mark are a replay to it. */
export const SubscriberRow = defineEntity({
  name: 'SubscriberRow',
  schema: 'platform',
  tableName: 'subscribers',
  properties: {
    name: p.text().primary(),
    xid: p.string().columnType('xid8').defaultRaw(`'0'`),
    position: p.bigint('string').default('0'),
    replayXid: p.string().columnType('xid8').defaultRaw(`'0'`),
    replayPosition: p.bigint('string').default('0'),
    /** Until when an outlet is at work on what follows; null when none is. */
    leasedUntil: p.datetime(3).nullable(),
  },
});

/** An event one subscriber could not take yet, live or in a replay. Parked ones wait for a person. */
export const EventRetryRow = defineEntity({
  name: 'EventRetryRow',
  schema: 'platform',
  tableName: 'event_retries',
  properties: {
    subscriber: p.text().primary(),
    position: p.bigint('string').primary(),
    isReplay: p.boolean().primary(),
    xid: p.string().columnType('xid8'),
    attempts: p.integer(),
    dueAt: p.datetime(3),
    parkedAt: p.datetime(3).nullable(),
    lastError: p.text(),
  },
});

/** The one row that says which cluster wrote the transaction ids of the log. */
export const ClusterRow = defineEntity({
  name: 'ClusterRow',
  schema: 'platform',
  tableName: 'cluster',
  checks: [{ name: 'cluster_is_one', expression: 'id = 1' }],
  properties: {
    id: p.integer().primary().autoincrement(false),
    systemIdentifier: p.text(),
  },
});

/** A request that took effect, by the caller's own key. */
export const RequestRow = defineEntity({
  name: 'RequestRow',
  schema: 'platform',
  tableName: 'requests',
  properties: {
    scope: p.text().primary(),
    key: p.text().primary(),
    fingerprint: p.text(),
    outcome: p.text(),
    claimedAt: p.datetime(3),
  },
});

export const PLATFORM_ROWS = [EventRow, SubscriberRow, EventRetryRow, ClusterRow, RequestRow];
