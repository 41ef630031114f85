import type { AuditTrail } from '#application/audit/ports.ts';
import { AuditChain } from '#domain/audit/chain.ts';
import type { AuditClass } from '#domain/audit/classes.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type ChainRecord = {
  readonly class: AuditClass;
  readonly last: string;
  readonly last_hash: string;
  readonly pruned: string;
  readonly pruned_hash: string;
  readonly pruned_before: string | null;
};
export const CHAIN_COLUMNS = 'class, last, last_hash, pruned, pruned_hash, pruned_before';

export const toChain = (row: ChainRecord): AuditChain => ({
  class: row.class,
  last: Number(row.last),
  lastHash: row.last_hash,
  pruned: Number(row.pruned),
  prunedHash: row.pruned_hash,
  prunedBefore: row.pruned_before === null ? null : instant(row.pruned_before),
});

const ENTER = `
  insert into audit.chains (${CHAIN_COLUMNS}) values ($1, 0, $2, 0, $2, null)
  on conflict (class) do nothing`;
const EXTEND = `
  insert into audit.entries (class, seq, event_id, type, restaurant_id, stream, actor, at, data, hash)
  select e.class, e.seq, e."eventId", e.type, e."restaurantId", e.stream, e.actor, to_timestamp(e.at / 1000.0), e.data, e.hash
    from jsonb_to_recordset($1::jsonb)
      as e (class text, seq bigint, "eventId" uuid, type text, "restaurantId" uuid, stream text, actor text, at bigint, data jsonb, hash text)`;
const SAVE = `
  update audit.chains
     set last = $2::bigint, last_hash = $3, pruned = $4::bigint, pruned_hash = $5, pruned_before = $6::timestamptz
   where class = $1`;
type OldestRecord = { readonly seq: string; readonly hash: string; readonly at: string };

export const postgresAuditTrail = ({ sql }: PostgresTx): AuditTrail => {
  const save = ({ class: name, last, lastHash, pruned, prunedHash, prunedBefore }: AuditChain) =>
    sql(SAVE, [name, last, lastHash, pruned, prunedHash, prunedBefore === null ? null : timestamp(prunedBefore)]);
  return {
    async lock(name) {
      await sql(ENTER, [name, AuditChain.begin(name).lastHash]);
      const [row] = await sql<ChainRecord>(`select ${CHAIN_COLUMNS} from audit.chains where class = $1 for update`, [name]);
      return toChain(row as ChainRecord);
    },
    async known(eventIds) {
      const rows = await sql<{ readonly event_id: string }>('select event_id from audit.entries where event_id = any($1::uuid[])', [eventIds]);
      return new Set(rows.map(({ event_id }) => event_id));
    },
    async extend(chain, entries) {
      await sql(EXTEND, [JSON.stringify(entries)]);
      await save(chain);
    },
    async oldest(name, limit) {
      const rows = await sql<OldestRecord>('select seq, hash, at from audit.entries where class = $1 order by seq limit $2::int', [name, limit]);
      return rows.map(({ seq, hash, at }) => ({ seq: Number(seq), hash, at: instant(at) }));
    },
    async prune(chain) {
      await save(chain); // First: the table lets nothing go that its chain does not begin after.
      await sql('delete from audit.entries where class = $1 and seq <= $2::bigint', [chain.class, chain.pruned]);
    },
  };
};
