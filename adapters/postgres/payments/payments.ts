import type { Payments } from '#application/payments/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Payment, PaymentId } from '#domain/payments/payment.ts';
import { newReferences } from '#domain/payments/references.ts';
import { violates } from '../conflicts.ts';
import { saved } from '../saved.ts';
import { type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type PaymentRecord = { readonly id: string; readonly state: Omit<Payment, 'id' | 'version'>; readonly version: number };

export const PAYMENT_COLUMNS = 'p.id, p.state, p.version';

export const toPayment = ({ id, state, version }: PaymentRecord): Payment => Payment.check({ ...state, id: PaymentId.of(id), version });

const LOCK = `select ${PAYMENT_COLUMNS} from payments.payments p where p.id = $1::uuid for update`;
const LOCK_OF_ORDER = `select ${PAYMENT_COLUMNS} from payments.payments p where p.order_id = $1::uuid for update`;
const LOCK_BY_REFERENCE = `
  select ${PAYMENT_COLUMNS} from payments.payments p
   where p.id = (select r.payment_id from payments.references r where r.processor = $1 and r.reference = any($2::text[]) limit 1)
     for update`;
const INSERT = `
  insert into payments.payments
    (id, restaurant_id, order_id, customer_id, status, amount, currency, captured, refunded, refunded_elsewhere, refund_reserved, fees, opened_at, state, version)
  values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6::bigint, $7, $8::bigint, $9::bigint, $10::bigint, $11::bigint, $12::bigint, $13::timestamptz, $14::jsonb, $15::int)`;
const UPDATE = `
  update payments.payments
     set status = $3, captured = $4::bigint, refunded = $5::bigint, refunded_elsewhere = $6::bigint, refund_reserved = $7::bigint, fees = $8::bigint,
         state = $9::jsonb, version = $10::int
   where id = $1::uuid and version = $2::int
  returning 1`;
const REFER = `
  insert into payments.references (processor, reference, restaurant_id, payment_id)
  select r.processor, r.reference, $2::uuid, $3::uuid from jsonb_to_recordset($1::jsonb) as r (processor text, reference text)
  on conflict do nothing`;
const CHECK_AT = 'update payments.payments set next_check_at = $2::timestamptz where id = $1::uuid';

export async function findPayment(sql: Sql, where: string, value: string): Promise<Payment | undefined> {
  const [row] = await sql<PaymentRecord>(`select ${PAYMENT_COLUMNS} from payments.payments p where ${where} = $1::uuid`, [value]);
  return row && toPayment(row);
}

export const postgresPayments = ({ sql, append }: PostgresTx): Payments => ({
  lock: async (paymentId) => one(await sql<PaymentRecord>(LOCK, [paymentId])),
  lockOfOrder: async (orderId) => one(await sql<PaymentRecord>(LOCK_OF_ORDER, [orderId])),
  lockByReference: async (processor, references) => one(await sql<PaymentRecord>(LOCK_BY_REFERENCE, [processor, references])),
  async save({ state, events }) {
    const { id, version, ...facts } = Payment.check(state);
    const { restaurantId, orderId, customerId, amount, currency, openedAt } = facts;
    const { captured, refunded, refundedElsewhere, reserved, fees } = Payment.standing(state);
    const next = version + events.length;
    append({ stream: `payment:${id}`, version, restaurantId }, events);
    const status = Payment.statusOf(state);
    const money = [captured, refunded, refundedElsewhere, reserved, fees];
    const json = JSON.stringify(facts);
    if (version > 0) saved(await sql(UPDATE, [id, version, status, ...money, json, next]), `payment ${id}`);
    else {
      const row = [id, restaurantId, orderId, customerId, status, amount, currency, ...money, timestamp(openedAt), json, next];
      await sql(INSERT, row).catch((error: unknown) => {
        throw violates(error, 'payments_order') ? new WriteConflict(`order ${orderId} has a payment already`) : error;
      });
    }
    const references = newReferences(state, events);
    if (references.length > 0) await sql(REFER, [JSON.stringify(references), restaurantId, id]);
  },
  async checkAt(paymentId, at) {
    await sql(CHECK_AT, [paymentId, at === null ? null : timestamp(at)]);
  },
});

const one = ([row]: readonly PaymentRecord[]): Payment | undefined => row && toPayment(row);
