import { defineEntity, p } from '@mikro-orm/core';
import { AUDIT_CLASSES } from '#domain/audit/classes.ts';

/** Append-only, but for what is taken off the beginning of a chain once its time is over. */
export const AuditEntryRow = defineEntity({
  name: 'AuditEntryRow',
  schema: 'audit',
  tableName: 'entries',
  uniques: [{ name: 'entries_event', properties: ['eventId'] }],
  indexes: [{ name: 'entries_restaurant', properties: ['restaurantId', 'eventId'] }],
  checks: [{ name: 'entries_class', expression: `class in (${AUDIT_CLASSES.map((name) => `'${name}'`).join(', ')})` }],
  properties: {
    class: p.text().primary(),
    seq: p.bigint('number').primary().autoincrement(false),
    eventId: p.uuid(),
    type: p.text(),
    restaurantId: p.uuid().nullable(),
    stream: p.text(),
    actor: p.text(),
    at: p.datetime(3),
    data: p.json<Record<string, unknown>>(),
    hash: p.text(),
  },
});

/** The two ends of each chain. */
export const AuditChainRow = defineEntity({
  name: 'AuditChainRow',
  schema: 'audit',
  tableName: 'chains',
  properties: {
    class: p.text().primary(),
    last: p.bigint('number'),
    lastHash: p.text(),
    pruned: p.bigint('number'),
    prunedHash: p.text(),
    prunedBefore: p.datetime(3).nullable(),
  },
});

export const AUDIT_ROWS = [AuditEntryRow, AuditChainRow];
