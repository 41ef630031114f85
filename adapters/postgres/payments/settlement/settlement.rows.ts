import { defineEntity, p } from '@mikro-orm/core';
import { DISPUTE_STATUSES } from '#domain/payments/facts.ts';
import { PAYOUT_STATUSES } from '#domain/payments/payout.ts';

const schema = 'payments';
const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** `state` is what its events made of it; the columns say the same to whoever asks in SQL. */
export const PayoutRow = defineEntity({
  name: 'PayoutRow',
  schema,
  tableName: 'payouts',
  indexes: [
    { name: 'payouts_restaurant', properties: ['restaurantId', 'id'] },
    { name: 'payouts_transfer', properties: ['processor', 'transferId'] },
    { name: 'payouts_requested', properties: ['requestedAt'] },
    { name: 'payouts_under_way', expression: `create index payouts_under_way on payments.payouts (id) where status in ('reserved', 'processing')` },
  ],
  checks: [
    { name: 'payouts_status', expression: oneOf('status', PAYOUT_STATUSES) },
    { name: 'payouts_amounts', expression: 'amount > 0 and moved >= 0' },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid(),
    processor: p.text(),
    account: p.text(),
    amount: p.bigint('number'),
    currency: p.text(),
    status: p.text(),
    moved: p.bigint('number'),
    transferId: p.text().nullable(),
    requestedAt: p.datetime(3),
    state: p.json<Record<string, unknown>>(),
    version: p.integer(),
  },
});

export const PayoutAccountRow = defineEntity({
  name: 'PayoutAccountRow',
  schema,
  tableName: 'payout_accounts',
  checks: [{ name: 'payout_accounts_commission', expression: 'commission_basis_points >= 0 and commission_basis_points <= 10000' }],
  properties: {
    restaurantId: p.uuid().primary(),
    processor: p.text().nullable(),
    account: p.text().nullable(),
    commissionBasisPoints: p.integer().nullable(),
    version: p.integer(),
  },
});

/** The providers' own books. */
export const BookRowRow = defineEntity({
  name: 'BookRowRow',
  schema,
  tableName: 'book_rows',
  indexes: [
    {
      name: 'book_rows_settled',
      expression: 'create index book_rows_settled on payments.book_rows (restaurant_id, settled_at, settlement_id) where settlement_id is not null',
    },
    { name: 'book_rows_settlement', properties: ['restaurantId', 'settlementId', 'kind', 'id'] },
  ],
  checks: [
    { name: 'book_rows_kind', expression: oneOf('kind', ['charge', 'refund', 'transfer', 'adjustment']) },
    { name: 'book_rows_settled_some_time', expression: '(settlement_id is null) = (settled_at is null)' },
  ],
  properties: {
    processor: p.text().primary(),
    kind: p.text().primary(),
    id: p.text().primary(),
    restaurantId: p.uuid().nullable(),
    paymentId: p.uuid().nullable(),
    payoutId: p.uuid().nullable(),
    chargeId: p.text().nullable(),
    amount: p.bigint('number'),
    fee: p.bigint('number'),
    feeTax: p.bigint('number'),
    knownFee: p.bigint('number'),
    knownFeeTax: p.bigint('number'),
    credit: p.bigint('number'),
    debit: p.bigint('number'),
    currency: p.text(),
    settlementId: p.text().nullable(),
    utr: p.text().nullable(),
    settledAt: p.datetime(3).nullable(),
    description: p.text().nullable(),
    at: p.datetime(3),
  },
});

/** How far each going through a provider's books has got. */
export const WalkRow = defineEntity({
  name: 'WalkRow',
  schema,
  tableName: 'walks',
  properties: {
    id: p.text().primary(),
    after: p.text().nullable(),
    isDone: p.boolean(),
    counts: p.json<Record<string, number>>(),
    at: p.datetime(3),
  },
});

/** Charges that a provider has listed, for as long as ours are held against them. */
export const ListedChargeRow = defineEntity({
  name: 'ListedChargeRow',
  schema,
  tableName: 'listed_charges',
  indexes: [{ name: 'listed_charges_at', properties: ['at'] }],
  properties: { processor: p.text().primary(), chargeId: p.text().primary(), at: p.datetime(3) },
});

/** Disputes as a list, kept from the log. */
export const DisputeRow = defineEntity({
  name: 'DisputeRow',
  schema,
  tableName: 'disputes',
  indexes: [{ name: 'disputes_newest', properties: ['restaurantId', 'at', 'disputeId'] }],
  checks: [{ name: 'disputes_status', expression: oneOf('status', DISPUTE_STATUSES) }],
  properties: {
    restaurantId: p.uuid().primary(),
    disputeId: p.text().primary(),
    paymentId: p.uuid(),
    orderId: p.uuid(),
    chargeId: p.text(),
    amount: p.bigint('number'),
    currency: p.text(),
    deducted: p.bigint('number'),
    status: p.text(),
    phase: p.text(),
    reason: p.text(),
    respondBy: p.datetime(3).nullable(),
    at: p.datetime(3),
    version: p.integer(),
  },
});

/** Who an account is at a processor. */
export const ProviderCustomerRow = defineEntity({
  name: 'ProviderCustomerRow',
  schema,
  tableName: 'provider_customers',
  properties: { accountId: p.uuid().primary(), processor: p.text().primary(), providerCustomerId: p.text() },
});

/** Ways to pay that customers have saved: tokens of the processor, never numbers. */
export const SavedMethodRow = defineEntity({
  name: 'SavedMethodRow',
  schema,
  tableName: 'saved_methods',
  uniques: [{ name: 'saved_methods_token', properties: ['accountId', 'processor', 'tokenId'] }],
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    processor: p.text(),
    tokenId: p.text(),
    method: p.text(),
    label: p.text(),
    expiresAt: p.datetime(3).nullable(),
    savedAt: p.datetime(3),
  },
});

export const SETTLEMENT_ROWS = [PayoutRow, PayoutAccountRow, BookRowRow, WalkRow, ListedChargeRow, DisputeRow, ProviderCustomerRow, SavedMethodRow];
