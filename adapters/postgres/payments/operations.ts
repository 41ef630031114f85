import type { Operations } from '#application/payments/ports.ts';
import type { Operation, OperationKind, OperationStatus } from '#domain/payments/operation.ts';
import { saved } from '../saved.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type OperationRecord = {
  readonly id: string;
  readonly kind: OperationKind;
  readonly processor: string;
  readonly restaurant_id: string | null;
  readonly subject_id: string;
  readonly target_id: string;
  readonly status: OperationStatus;
  readonly tries: number;
  readonly due_at: string | null;
  readonly last_error: string | null;
  readonly planned_at: string;
  readonly version: number;
};

const toOperation = (row: OperationRecord): Operation => ({
  id: row.id,
  kind: row.kind,
  processor: row.processor,
  restaurantId: row.restaurant_id,
  subjectId: row.subject_id,
  targetId: row.target_id,
  status: row.status,
  tries: row.tries,
  dueAt: row.due_at === null ? null : instant(row.due_at),
  lastError: row.last_error,
  plannedAt: instant(row.planned_at),
  version: row.version,
});

const PLAN = `
  insert into payments.operations (id, kind, processor, restaurant_id, subject_id, target_id, status, tries, due_at, planned_at, version)
  select o.id, o.kind, o.processor, o."restaurantId", o."subjectId", o."targetId", o.status, o.tries, o."dueAt", o."plannedAt", 1
    from jsonb_to_recordset($1::jsonb)
      as o (id text, kind text, processor text, "restaurantId" uuid, "subjectId" uuid, "targetId" text, status text, tries int,
            "dueAt" timestamptz, "plannedAt" timestamptz)
  on conflict do nothing`;
const LOCK = 'select * from payments.operations where id = $1 for update';
const SAVE = `
  update payments.operations set status = $3, tries = $4::int, due_at = $5::timestamptz, last_error = $6, version = version + 1
   where id = $1 and version = $2::int
  returning 1`;

export const postgresOperations = ({ sql }: PostgresTx): Operations => ({
  async plan(operations) {
    if (operations.length === 0) return;
    const rows = operations.map((operation) => ({
      ...operation,
      dueAt: operation.dueAt === null ? null : timestamp(operation.dueAt),
      plannedAt: timestamp(operation.plannedAt),
    }));
    await sql(PLAN, [JSON.stringify(rows)]);
  },
  async lock(operationId) {
    const [row] = await sql<OperationRecord>(LOCK, [operationId]);
    return row && toOperation(row);
  },
  async save({ id, version, status, tries, dueAt, lastError }) {
    saved(await sql(SAVE, [id, version, status, tries, dueAt === null ? null : timestamp(dueAt), lastError]), `operation ${id}`);
  },
});
