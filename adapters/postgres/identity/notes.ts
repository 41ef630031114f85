import type { Notes } from '#application/identity/external/ports.ts';
import { type Sql, timestamp } from '../sql.ts';

const LEAVE = 'insert into identity.notes (key, sealed, expires_at) values ($1, $2, $3::timestamptz)';
/** Expired or not, it goes. */
const TAKE = 'delete from identity.notes where key = $1 returning sealed, expires_at > $2::timestamptz as holds';

/** Deleting a row is taking it: whoever comes second finds none. */
export const postgresNotes = (sql: () => Sql): Notes => ({
  async leave(key, text, expiresAt) {
    await sql()(LEAVE, [key, text, timestamp(expiresAt)]);
  },
  async take(key, at) {
    const [row] = await sql()<{ readonly sealed: string; readonly holds: boolean }>(TAKE, [key, timestamp(at)]);
    return row?.holds ? row.sealed : undefined;
  },
  async forget(at) {
    return (await sql()('delete from identity.notes where expires_at <= $1::timestamptz returning 1', [timestamp(at)])).length;
  },
});
