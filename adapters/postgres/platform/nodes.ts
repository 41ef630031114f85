import { LEASE_MS, type Leadership, type Term, type Terms } from '#application/platform/leadership.ts';
import { type LiveNode, LOST_MS, type LostNodes, type NodeLoad, type NodeRole, type Nodes } from '#application/platform/nodes.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

const COLUMNS = 'id, role, version, host, pid, has_redis, started_at, seen_at, load';
type NodeRecord = {
  readonly id: string;
  readonly role: NodeRole;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  readonly has_redis: boolean;
  readonly started_at: string;
  readonly seen_at: string;
  readonly load: NodeLoad;
};
const toNode = ({ has_redis, started_at, seen_at, ...row }: NodeRecord): LiveNode => ({
  ...row,
  hasRedis: has_redis,
  startedAt: instant(started_at),
  seenAt: instant(seen_at),
});

// The clocks of two nodes differ; the database has one.
const BEAT = `
  insert into platform.nodes (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7::timestamptz, clock_timestamp(), $8::jsonb)
  on conflict (id) do update set seen_at = clock_timestamp(), load = excluded.load`;
const ALIVE = `select ${COLUMNS} from platform.nodes where seen_at > clock_timestamp() - $1::int * interval '1 millisecond' order by started_at, id`;
const SWEEP = `delete from platform.nodes where seen_at <= clock_timestamp() - $1::int * interval '1 millisecond' returning ${COLUMNS}`;

export const postgresNodes = (sql: () => Sql, lostMs: number = LOST_MS): Nodes => ({
  async beat({ id, role, version, host, pid, hasRedis, startedAt, load }) {
    await sql()(BEAT, [id, role, version, host, pid, hasRedis, timestamp(startedAt), JSON.stringify(load)]);
  },
  async leave(id) {
    await sql()('delete from platform.nodes where id = $1', [id]);
  },
  alive: async () => (await sql()<NodeRecord>(ALIVE, [lostMs])).map(toNode),
});

export const postgresLostNodes = ({ sql }: PostgresTx, lostMs: number = LOST_MS): LostNodes => ({
  sweep: async () => (await sql<NodeRecord>(SWEEP, [lostMs])).map(toNode),
});

const CLAIM = `
  insert into platform.leases as l (task, holder, token, expires_at) values ($1, $2, 1, clock_timestamp() + $3::int * interval '1 millisecond')
  on conflict (task) do update
     set token = case when l.holder = excluded.holder and l.expires_at > clock_timestamp() then l.token else l.token + 1 end,
         holder = excluded.holder, expires_at = excluded.expires_at
   where l.holder = excluded.holder or l.expires_at <= clock_timestamp()
  returning token`;
// Long ago: a clock that is set back a little must not make the next wait.
const RESIGN = `update platform.leases set expires_at = '-infinity' where task = $1 and holder = $2 and token = $3::bigint`;
// The lock keeps the next term from beginning before this transaction has ended.
const CONFIRM = `
  select 1 from platform.leases where task = $1 and holder = $2 and token = $3::bigint and expires_at > clock_timestamp() for update`;

const paramsOf = ({ task, holder, token }: Term): readonly unknown[] => [task, holder, token];

export const postgresLeadership = (sql: () => Sql, leaseMs: number = LEASE_MS): Leadership => ({
  async claim(task, holder) {
    const [row] = await sql()<{ readonly token: string }>(CLAIM, [task, holder, leaseMs]);
    return row && { task, holder, token: Number(row.token) };
  },
  async resign(term) {
    await sql()(RESIGN, paramsOf(term));
  },
});

export const postgresTerms = ({ sql }: PostgresTx): Terms => ({
  confirm: async (term) => (await sql(CONFIRM, paramsOf(term))).length > 0,
});
