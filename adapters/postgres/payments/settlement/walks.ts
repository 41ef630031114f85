import type { Walk, Walks } from '#application/payments/settlement/ports.ts';
import { instant, timestamp } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

type WalkRecord = {
  readonly id: string;
  readonly after: string | null;
  readonly is_done: boolean;
  readonly counts: Walk['counts'];
  readonly at: string;
};

const SAVE = `
  insert into payments.walks (id, "after", is_done, counts, at) values ($1, $2, $3::boolean, $4::jsonb, $5::timestamptz)
  on conflict (id) do update set "after" = excluded."after", is_done = excluded.is_done, counts = excluded.counts, at = excluded.at`;
const LIST = `
  insert into payments.listed_charges (processor, charge_id, at) select $1, unnest($2::text[]), $3::timestamptz
  on conflict do nothing`;

export const postgresWalks = ({ sql }: PostgresTx): Walks => ({
  async find(id) {
    const [row] = await sql<WalkRecord>('select id, "after", is_done, counts, at from payments.walks where id = $1', [id]);
    return row && { id: row.id, after: row.after, isDone: row.is_done, counts: row.counts, at: instant(row.at) };
  },
  async save({ id, after, isDone, counts, at }) {
    await sql(SAVE, [id, after, isDone, JSON.stringify(counts), timestamp(at)]);
  },
  async list(processor, chargeIds, at) {
    if (chargeIds.length > 0) await sql(LIST, [processor, chargeIds, timestamp(at)]);
  },
  async forgetListed(before) {
    await sql('delete from payments.listed_charges where at < $1::timestamptz', [timestamp(before)]);
  },
});
