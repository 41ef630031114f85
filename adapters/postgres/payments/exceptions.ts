import type { Exceptions } from '#application/payments/ports.ts';
import type { Ids } from '#application/shared/ports.ts';
import type { ExceptionKind, PaymentException, ResolutionAction } from '#domain/payments/settlement/exception.ts';
import { saved } from '../saved.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type ExceptionRecord = {
  readonly id: string;
  readonly kind: ExceptionKind;
  readonly processor: string;
  readonly reference: string;
  readonly restaurant_id: string | null;
  readonly payment_id: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly raised_at: string;
  readonly resolution: ResolutionAction | null;
  readonly note: string | null;
  readonly resolved_by: string | null;
  readonly resolved_at: string | null;
  readonly version: number;
};

export const EXCEPTION_COLUMNS =
  'id, kind, processor, reference, restaurant_id, payment_id, detail, raised_at, resolution, note, resolved_by, resolved_at, version';

export const toException = (row: ExceptionRecord): PaymentException => ({
  id: row.id,
  kind: row.kind,
  processor: row.processor,
  reference: row.reference,
  restaurantId: row.restaurant_id,
  paymentId: row.payment_id,
  detail: row.detail,
  raisedAt: instant(row.raised_at),
  resolution:
    row.resolution === null || row.resolved_at === null
      ? null
      : { action: row.resolution, note: row.note ?? '', by: row.resolved_by ?? '', at: instant(row.resolved_at) },
  version: row.version,
});

const RAISE = `
  insert into payments.exceptions (id, kind, processor, reference, restaurant_id, payment_id, detail, raised_at, version)
  values ($1::uuid, $2, $3, $4, $5::uuid, $6::uuid, $7::jsonb, $8::timestamptz, 1)
  on conflict do nothing`;
const FIND = `select ${EXCEPTION_COLUMNS} from payments.exceptions where id = $1::uuid`;
const SAVE = `
  update payments.exceptions set resolution = $3, note = $4, resolved_by = $5, resolved_at = $6::timestamptz, version = version + 1
   where id = $1::uuid and version = $2::int and resolved_at is null
  returning 1`;

export async function findException(sql: Sql, exceptionId: string): Promise<PaymentException | undefined> {
  const [row] = await sql<ExceptionRecord>(FIND, [exceptionId]);
  return row && toException(row);
}

export const postgresExceptions = ({ sql, append }: PostgresTx, ids: Ids): Exceptions => ({
  async raise({ kind, processor, reference, restaurantId, paymentId, detail, at }) {
    await sql(RAISE, [ids.next(), kind, processor, reference, restaurantId, paymentId, JSON.stringify(detail), timestamp(at)]);
  },
  async lock(exceptionId) {
    const [row] = await sql<ExceptionRecord>(`${FIND} for update`, [exceptionId]);
    return row && toException(row);
  },
  async save({ state: { id, restaurantId, resolution, version }, events }) {
    if (resolution === null) return;
    append({ stream: `payment-exception:${id}`, version: 0, restaurantId }, events); // It ends once: that is all its stream tells.
    const { action, note, by, at } = resolution;
    saved(await sql(SAVE, [id, version, action, note, by, timestamp(at)]), `exception ${id}`);
  },
});
