import type { Exceptions } from '#application/payments/ports.ts';
import type { Ids } from '#application/shared/ports.ts';
import { timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

const RAISE = `
  insert into payments.exceptions (id, kind, processor, reference, restaurant_id, payment_id, detail, raised_at, version)
  values ($1::uuid, $2, $3, $4, $5::uuid, $6::uuid, $7::jsonb, $8::timestamptz, 1)
  on conflict do nothing`;

export const postgresExceptions = ({ sql }: PostgresTx, ids: Ids): Exceptions => ({
  async raise({ kind, processor, reference, restaurantId, paymentId, detail, at }) {
    await sql(RAISE, [ids.next(), kind, processor, reference, restaurantId, paymentId, JSON.stringify(detail), timestamp(at)]);
  },
});
