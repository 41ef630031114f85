import type { DisputeList, ListedDispute } from '#application/payments/settlement/ports.ts';
import { instant, timestamp } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

export type DisputeRecord = {
  readonly restaurant_id: string;
  readonly dispute_id: string;
  readonly payment_id: string;
  readonly order_id: string;
  readonly charge_id: string;
  readonly amount: string;
  readonly currency: string;
  readonly deducted: string;
  readonly status: ListedDispute['status'];
  readonly phase: string;
  readonly reason: string;
  readonly respond_by: string | null;
  readonly at: string;
};

export const DISPUTE_COLUMNS =
  'restaurant_id, dispute_id, payment_id, order_id, charge_id, amount, currency, deducted, status, phase, reason, respond_by, at';

export const toDispute = (row: DisputeRecord): ListedDispute => ({
  kind: 'dispute',
  restaurantId: row.restaurant_id,
  disputeId: row.dispute_id,
  paymentId: row.payment_id,
  orderId: row.order_id,
  chargeId: row.charge_id,
  amount: Number(row.amount),
  currency: row.currency,
  deducted: Number(row.deducted),
  status: row.status,
  phase: row.phase,
  reason: row.reason,
  respondBy: row.respond_by === null ? null : instant(row.respond_by),
  at: instant(row.at),
});

/** The last of each that is told of in one go: a row is written once in a statement. */
const PUT = `
  insert into payments.disputes as d (${DISPUTE_COLUMNS}, version)
  select distinct on (t."restaurantId", t."disputeId") t."restaurantId", t."disputeId", t."paymentId", t."orderId", t."chargeId", t.amount, t.currency,
         t.deducted, t.status, t.phase, t.reason, t."respondBy", t.at, t.version
    from jsonb_to_recordset($1::jsonb)
      as t ("restaurantId" uuid, "disputeId" text, "paymentId" uuid, "orderId" uuid, "chargeId" text, amount bigint, currency text, deducted bigint,
            status text, phase text, reason text, "respondBy" timestamptz, at timestamptz, version int)
   order by t."restaurantId", t."disputeId", t.version desc
  on conflict (restaurant_id, dispute_id) do update
     set amount = excluded.amount, currency = excluded.currency, deducted = excluded.deducted, status = excluded.status, phase = excluded.phase,
         reason = excluded.reason, respond_by = excluded.respond_by, at = excluded.at, version = excluded.version
   where d.version < excluded.version`;

export const postgresDisputes = ({ sql }: PostgresTx): DisputeList => ({
  async put(disputes) {
    const rows = disputes.map((dispute) => ({
      ...dispute,
      respondBy: dispute.respondBy === null ? null : timestamp(dispute.respondBy),
      at: timestamp(dispute.at),
    }));
    await sql(PUT, [JSON.stringify(rows)]);
  },
});
