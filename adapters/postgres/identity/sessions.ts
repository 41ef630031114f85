import type { Sessions } from '#application/identity/ports.ts';
import { type Proof, Session, type SessionStatus } from '#domain/identity/session.ts';
import { saved } from '../saved.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type SessionRecord = {
  readonly id: string;
  readonly account_id: string;
  readonly salt: string;
  readonly rotation: number;
  readonly status: SessionStatus;
  readonly proofs: readonly Proof[];
  readonly device: string;
  readonly ip: string | null;
  readonly started_at: string;
  readonly rotated_at: string;
  readonly idle_expires_at: string;
  readonly absolute_expires_at: string;
  readonly version: number;
};

export const SESSION_COLUMNS =
  'id, account_id, salt, rotation, status, proofs, device, ip, started_at, rotated_at, idle_expires_at, absolute_expires_at, version';

export const toSession = (row: SessionRecord): Session =>
  Session.check({
    id: row.id,
    accountId: row.account_id,
    salt: row.salt,
    rotation: row.rotation,
    status: row.status,
    proofs: row.proofs,
    device: row.device,
    ip: row.ip,
    startedAt: instant(row.started_at),
    rotatedAt: instant(row.rotated_at),
    idleExpiresAt: instant(row.idle_expires_at),
    absoluteExpiresAt: instant(row.absolute_expires_at),
    version: row.version,
  });

const INSERT = `
  insert into identity.sessions (${SESSION_COLUMNS})
  values ($1::uuid, $2::uuid, $3, $4::int, $5, $6::jsonb, $7, $8, $9::timestamptz, $10::timestamptz, $11::timestamptz, $12::timestamptz, $13::int)
  returning 1`;
const UPDATE = `
  update identity.sessions
     set rotation = $3::int, status = $4, proofs = $5::jsonb, rotated_at = $6::timestamptz, idle_expires_at = $7::timestamptz,
         absolute_expires_at = $8::timestamptz, version = $9::int
   where id = $1::uuid and version = $2::int
  returning 1`;

export const postgresSessions = ({ sql, append }: PostgresTx): Sessions => ({
  async find(sessionId) {
    const [row] = await sql<SessionRecord>(`select ${SESSION_COLUMNS} from identity.sessions where id = $1::uuid`, [sessionId]);
    return row && toSession(row);
  },
  async activeOf(accountId) {
    const rows = await sql<SessionRecord>(
      `select ${SESSION_COLUMNS} from identity.sessions where account_id = $1::uuid and status = 'active' order by id for update`,
      [accountId],
    );
    return rows.map(toSession);
  },
  async save({ state, events }) {
    const { id, accountId, salt, rotation, status, device, ip, startedAt, rotatedAt, idleExpiresAt, absoluteExpiresAt, version } =
      Session.check(state);
    const next = version + events.length;
    const proofs = JSON.stringify(state.proofs);
    const times = [timestamp(rotatedAt), timestamp(idleExpiresAt), timestamp(absoluteExpiresAt)];
    const written =
      version === 0
        ? await sql(INSERT, [id, accountId, salt, rotation, status, proofs, device, ip, timestamp(startedAt), ...times, next])
        : await sql(UPDATE, [id, version, rotation, status, proofs, ...times, next]);
    saved(written, `session ${id}`);
    append({ stream: `session:${id}`, version, restaurantId: null }, events);
  },
  async forget(overBefore) {
    const gone = await sql('delete from identity.sessions where absolute_expires_at < $1::timestamptz returning 1', [timestamp(overBefore)]);
    return gone.length;
  },
});
