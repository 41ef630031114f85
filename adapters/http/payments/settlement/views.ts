import { z } from 'zod';
import type { ListedDispute, SavedMethod, Settlement } from '#application/payments/settlement/ports.ts';
import { DISPUTE_STATUSES, type DisputeFact } from '#domain/payments/facts.ts';
import { PAYOUT_STATUSES, Payout } from '#domain/payments/payout.ts';
import type { KnownRow } from '#domain/payments/settlement/book-row.ts';
import { EXCEPTION_KINDS, PaymentException, RESOLUTION_ACTIONS } from '#domain/payments/settlement/exception.ts';
import type { PayoutAccount } from '#domain/payments/settlement/payout-account.ts';
import { Currency, Id, Instant, MoneyView } from '../../schemas.ts';

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

export const PayoutAccountView = z.object({
  restaurantId: Id,
  processor: z.string().nullable(),
  account: z.string().nullable(),
  commissionBasisPoints: z.int().nullable(),
  version: z.int(),
});
export const payoutAccountView = (account: PayoutAccount): z.input<typeof PayoutAccountView> => account;

export const PayoutView = z.object({
  id: Id,
  restaurantId: Id,
  processor: z.string(),
  account: z.string(),
  status: z.enum(PAYOUT_STATUSES),
  amount: MoneyView,
  moved: MoneyView,
  failure: z.string().nullable(),
  requestedAt: Instant,
  version: z.int(),
});
export function payoutView(payout: Payout): z.input<typeof PayoutView> {
  const { id, restaurantId, processor, account, amount, currency, refusal, requestedAt, version } = payout;
  const status = Payout.statusOf(payout);
  const money = (minor: number) => ({ amount: minor, currency });
  const failure = status === 'failed' ? (refusal?.code ?? 'TRANSFER_FAILED') : null;
  return {
    id,
    restaurantId,
    processor,
    account,
    status,
    amount: money(amount),
    moved: money(Payout.moved(payout)),
    failure,
    requestedAt: iso(requestedAt),
    version,
  };
}

export const SettlementView = z.object({
  id: z.string(),
  processor: z.string(),
  utr: z.string().nullable(),
  settledAt: Instant,
  currency: Currency,
  gross: MoneyView,
  fees: MoneyView,
  tax: MoneyView,
  net: MoneyView,
  rows: z.int(),
});
export function settlementView({ settlementId, settledAt, gross, fees, tax, net, ...settlement }: Settlement): z.input<typeof SettlementView> {
  const money = (amount: number) => ({ amount, currency: settlement.currency });
  return { ...settlement, id: settlementId, settledAt: iso(settledAt), gross: money(gross), fees: money(fees), tax: money(tax), net: money(net) };
}

export const RowView = z.object({
  kind: z.enum(['charge', 'refund', 'transfer', 'adjustment']),
  id: z.string(),
  chargeId: z.string().nullable(),
  paymentId: Id.nullable(),
  payoutId: Id.nullable(),
  amount: MoneyView,
  fee: MoneyView,
  tax: MoneyView,
  credit: MoneyView,
  debit: MoneyView,
  description: z.string().nullable(),
  at: Instant,
});
export function rowView({ kind, id, chargeId, paymentId, payoutId, description, at, ...row }: KnownRow): z.input<typeof RowView> {
  const money = (amount: number) => ({ amount, currency: row.currency });
  const sums = { amount: money(row.amount), fee: money(row.fee), tax: money(row.feeTax), credit: money(row.credit), debit: money(row.debit) };
  return { kind, id, chargeId, paymentId, payoutId, ...sums, description, at: iso(at) };
}

const Side = z.object({ amount: z.int(), fee: z.int().nullable().optional() }).nullable();
/** What is known of it, by kind: the sums in minor units of `currency`, ours and theirs; or what was asked for, and what came of it. */
const Detail = z
  .object({
    what: z.string(),
    currency: z.string(),
    ours: Side,
    theirs: Side,
    amount: z.int(),
    chargeId: z.string(),
    status: z.string(),
    kind: z.string(),
    tries: z.int(),
    reason: z.string(),
    code: z.string(),
    description: z.string().nullable(),
    refused: z.string(),
    transfers: z.array(z.object({ providerTransferId: z.string(), status: z.string(), amount: z.int() })),
  })
  .partial();
export const Action = z.enum(RESOLUTION_ACTIONS);
export const ExceptionView = z.object({
  id: Id,
  kind: z.enum(EXCEPTION_KINDS),
  processor: z.string(),
  reference: z.string(),
  restaurantId: Id.nullable(),
  paymentId: Id.nullable(),
  detail: Detail,
  raisedAt: Instant,
  actions: z.array(Action),
  resolution: z.object({ action: Action, note: z.string(), by: z.string(), at: Instant }).nullable(),
  version: z.int(),
});
export function exceptionView({ raisedAt, resolution, detail, ...exception }: PaymentException): z.input<typeof ExceptionView> {
  return {
    ...exception,
    detail: Detail.parse(detail),
    raisedAt: iso(raisedAt),
    actions: resolution === null ? [...PaymentException.offeredFor({ kind: exception.kind, detail })] : [],
    resolution: resolution && { ...resolution, at: iso(resolution.at) },
  };
}

const Dispute = z.object({
  id: z.string(),
  chargeId: z.string(),
  status: z.enum(DISPUTE_STATUSES),
  phase: z.string(),
  reason: z.string(),
  amount: MoneyView,
  deducted: MoneyView,
  respondBy: Instant.nullable(),
  at: Instant,
});
export const DisputeView = Dispute;
export function disputeView({
  disputeId,
  chargeId,
  status,
  phase,
  reason,
  amount,
  deducted,
  currency,
  respondBy,
  at,
}: DisputeFact): z.input<typeof Dispute> {
  const money = (minor: number) => ({ amount: minor, currency });
  return {
    id: disputeId,
    chargeId,
    status,
    phase,
    reason,
    amount: money(amount),
    deducted: money(deducted),
    respondBy: isoOrNull(respondBy),
    at: iso(at),
  };
}
export const ListedDisputeView = Dispute.extend({ paymentId: Id, orderId: Id });
export const listedDisputeView = (dispute: ListedDispute): z.input<typeof ListedDisputeView> => ({
  ...disputeView(dispute),
  paymentId: dispute.paymentId,
  orderId: dispute.orderId,
});

export const MethodView = z.object({
  id: Id,
  processor: z.string(),
  method: z.enum(['card', 'upi', 'wallet', 'other']),
  label: z.string(),
  expiresAt: Instant.nullable(),
  savedAt: Instant,
});
export const methodView = ({ id, processor, method, label, expiresAt, savedAt }: SavedMethod): z.input<typeof MethodView> => ({
  id,
  processor,
  method,
  label,
  expiresAt: isoOrNull(expiresAt),
  savedAt: iso(savedAt),
});
