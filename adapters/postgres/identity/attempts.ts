import type { AttemptCounters } from '#application/identity/ports.ts';
import { Attempts } from '#domain/identity/attempts.ts';
import { instant, type Sql, sqlOf, timestamp } from '../sql.ts';
import type { PostgresPlatform } from '../unit-of-work.ts';

type AttemptsRecord = { readonly key: string; readonly at: readonly number[]; readonly locks: number; readonly locked_until: string | null };

// The update changes nothing but takes the lock, in the order of the keys, so that nobody waits in a circle.
const LOCK = `
  insert into identity.attempts as a (key, at, locks, locked_until, forgotten_at)
  select key, '[]', 0, null, $2::timestamptz from unnest($1::text[]) as key order by key
  on conflict (key) do update set locks = a.locks
  returning key, at, locks, locked_until`;
const WRITE = `
  update identity.attempts a set at = n.at, locks = n.locks, locked_until = n.locked_until, forgotten_at = n.forgotten_at
    from jsonb_to_recordset($1::jsonb) as n (key text, at jsonb, locks int, locked_until timestamptz, forgotten_at timestamptz)
   where a.key = n.key`;

const toAttempts = ({ at, locks, locked_until }: AttemptsRecord): Attempts => ({
  at,
  locks,
  lockedUntil: locked_until === null ? null : instant(locked_until),
});

const toRecord = (key: string, attempts: Attempts) => ({
  key,
  at: attempts.at,
  locks: attempts.locks,
  locked_until: attempts.lockedUntil === null ? null : timestamp(attempts.lockedUntil),
  forgotten_at: timestamp(Attempts.forgottenAt(attempts)),
});

/** Each count is a transaction of its own, which whoever counts the same waits for. */
export const postgresAttemptCounters = ({ orm }: Pick<PostgresPlatform, 'orm'>): AttemptCounters => {
  const alone = <T>(work: (sql: Sql) => Promise<T>): Promise<T> => orm.em.fork().transactional((em) => work(sqlOf(em)));
  return {
    take: (limits, at) =>
      alone(async (sql) => {
        const keys = limits.map(({ key }) => key);
        const rows = new Map((await sql<AttemptsRecord>(LOCK, [keys, timestamp(at)])).map((row) => [row.key, row]));
        const counters = limits.map(({ key, policy }) => ({ before: toAttempts(rows.get(key) as AttemptsRecord), policy }));
        const taking = Attempts.takeAll(counters, at);
        if (!taking.isAllowed) return taking;
        await sql(WRITE, [JSON.stringify(taking.attempts.map((attempts, i) => toRecord(keys[i] as string, attempts)))]);
        return { isAllowed: true, remaining: taking.remaining };
      }),
    giveBack: (keys, at) =>
      alone(async (sql) => {
        const rows = await sql<AttemptsRecord>(LOCK, [keys, timestamp(at)]);
        await sql(WRITE, [JSON.stringify(rows.map((row) => toRecord(row.key, Attempts.giveBack(toAttempts(row), at))))]);
      }),
    async clear(keys) {
      await sqlOf(orm.em.fork())('delete from identity.attempts where key = any($1::text[])', [keys]);
    },
    async forget(at) {
      const gone = await sqlOf(orm.em.fork())('delete from identity.attempts where forgotten_at <= $1::timestamptz returning 1', [timestamp(at)]);
      return gone.length;
    },
  };
};
