import { defineEntity, p } from '@mikro-orm/core';
import { EXCEPTION_KINDS } from '#application/payments/ports.ts';
import { OPERATION_KINDS, OPERATION_STATUSES } from '#domain/payments/operation.ts';
import { PAYMENT_STATUSES } from '#domain/payments/payment.ts';

const schema = 'payments';
const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** `state` is what its events made of it; the columns say the same to whoever asks in SQL, and to the checks. */
export const PaymentRow = defineEntity({
  name: 'PaymentRow',
  schema,
  tableName: 'payments',
  indexes: [
    { name: 'payments_restaurant', properties: ['restaurantId', 'id'] },
    { name: 'payments_restaurant_status', properties: ['restaurantId', 'status', 'id'] },
    {
      name: 'payments_checks',
      expression: 'create index payments_checks on payments.payments (next_check_at) where next_check_at is not null',
    },
  ],
  uniques: [{ name: 'payments_order', properties: ['orderId'] }],
  checks: [
    { name: 'payments_status', expression: oneOf('status', PAYMENT_STATUSES) },
    { name: 'payments_amounts', expression: 'amount >= 0 and captured >= 0 and refunded >= 0 and refunded_elsewhere >= 0 and refund_reserved >= 0' },
    { name: 'payments_refunds', expression: 'refunded - refunded_elsewhere + refund_reserved <= captured' },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid(),
    orderId: p.uuid(),
    customerId: p.uuid(),
    status: p.text(),
    amount: p.bigint('number'),
    currency: p.text(),
    captured: p.bigint('number'),
    refunded: p.bigint('number'),
    refundedElsewhere: p.bigint('number'),
    refundReserved: p.bigint('number'),
    fees: p.bigint('number'),
    openedAt: p.datetime(3),
    nextCheckAt: p.datetime(3).nullable(),
    state: p.json<Record<string, unknown>>(),
    version: p.integer(),
  },
});

/** How a provider's own ids lead to a payment of ours: its orders, links and charges. */
export const ReferenceRow = defineEntity({
  name: 'PaymentReferenceRow',
  schema,
  tableName: 'references',
  properties: {
    processor: p.text().primary(),
    reference: p.text().primary(),
    restaurantId: p.uuid(),
    paymentId: p.uuid(),
  },
});

export const OperationRow = defineEntity({
  name: 'OperationRow',
  schema,
  tableName: 'operations',
  indexes: [
    { name: 'operations_due', expression: 'create index operations_due on payments.operations (due_at) where due_at is not null' },
    { name: 'operations_subject', properties: ['subjectId'] },
  ],
  checks: [
    { name: 'operations_kind', expression: oneOf('kind', OPERATION_KINDS) },
    { name: 'operations_status', expression: oneOf('status', OPERATION_STATUSES) },
  ],
  properties: {
    id: p.text().primary(),
    kind: p.text(),
    processor: p.text(),
    restaurantId: p.uuid().nullable(),
    subjectId: p.uuid(),
    targetId: p.text(),
    status: p.text(),
    tries: p.integer(),
    dueAt: p.datetime(3).nullable(),
    lastError: p.text().nullable(),
    plannedAt: p.datetime(3),
    version: p.integer(),
  },
});

/** What providers sent us, byte for byte. */
export const ProviderEventRow = defineEntity({
  name: 'ProviderEventRow',
  schema,
  tableName: 'provider_events',
  indexes: [
    { name: 'provider_events_due', expression: `create index provider_events_due on payments.provider_events (due_at) where status = 'received'` },
  ],
  checks: [{ name: 'provider_events_status', expression: oneOf('status', ['received', 'processed', 'unmatched', 'parked']) }],
  properties: {
    processor: p.text().primary(),
    eventId: p.text().primary(),
    type: p.text(),
    body: p.blob(),
    receivedAt: p.datetime(3),
    status: p.text(),
    tries: p.integer(),
    dueAt: p.datetime(3),
    detail: p.text().nullable(),
    settledAt: p.datetime(3).nullable(),
  },
});

/** The ledger: append-only, and no event is booked twice. */
export const LedgerEntryRow = defineEntity({
  name: 'LedgerEntryRow',
  schema,
  tableName: 'ledger_entries',
  indexes: [{ name: 'ledger_entries_account', properties: ['restaurantId', 'account', 'id'] }],
  uniques: [{ name: 'ledger_entries_once', properties: ['source', 'sequence', 'account', 'currency'] }],
  checks: [{ name: 'ledger_entries_sides', expression: 'debit >= 0 and credit >= 0 and (debit = 0) <> (credit = 0)' }],
  properties: {
    restaurantId: p.uuid().primary(),
    id: p.uuid().primary(),
    account: p.text(),
    currency: p.text(),
    debit: p.bigint('number'),
    credit: p.bigint('number'),
    kind: p.text(),
    source: p.text(),
    sequence: p.integer(),
    at: p.datetime(3),
  },
});

export const LedgerBalanceRow = defineEntity({
  name: 'LedgerBalanceRow',
  schema,
  tableName: 'ledger_balances',
  properties: {
    restaurantId: p.uuid().primary(),
    account: p.text().primary(),
    currency: p.text().primary(),
    debit: p.bigint('number'),
    credit: p.bigint('number'),
  },
});

/** What people must look at. Of one kind, about one thing, there is one that is open. */
export const ExceptionRow = defineEntity({
  name: 'ExceptionRow',
  schema,
  tableName: 'exceptions',
  indexes: [
    {
      name: 'exceptions_open',
      expression: 'create unique index exceptions_open on payments.exceptions (kind, processor, reference) where resolved_at is null',
    },
    { name: 'exceptions_restaurant', properties: ['restaurantId', 'id'] },
    { name: 'exceptions_newest', expression: 'create index exceptions_newest on payments.exceptions (id) where resolved_at is null' },
  ],
  checks: [{ name: 'exceptions_kind', expression: oneOf('kind', EXCEPTION_KINDS) }],
  properties: {
    id: p.uuid().primary(),
    kind: p.text(),
    processor: p.text(),
    reference: p.text(),
    restaurantId: p.uuid().nullable(),
    paymentId: p.uuid().nullable(),
    detail: p.json<Record<string, unknown>>(),
    raisedAt: p.datetime(3),
    resolution: p.text().nullable(),
    note: p.text().nullable(),
    resolvedBy: p.text().nullable(),
    resolvedAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});

export const PAYMENT_ROWS = [PaymentRow, ReferenceRow, OperationRow, ProviderEventRow, LedgerEntryRow, LedgerBalanceRow, ExceptionRow];
