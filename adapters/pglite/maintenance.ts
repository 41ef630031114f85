import type { Log } from '#application/shared/ports.ts';
import { WorkerLoop } from '../shared/worker-loop.ts';
import type { PgliteClient } from './client.ts';
import type { Pglite } from './open.ts';

const LOOK_MS = 2_000;
const CHECKPOINT_MS = 60_000;
const CHECKPOINT_WAL_BYTES = 48 * 1024 * 1024;
const VACUUM_MS = 60_000;
const TABLES_MAX = 20;

const WAL = `select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint as bytes`;
// The statistics do not survive a restart, so a large table that was not looked at since then is due as well.
const DUE = `
  select format('%I.%I', s.schemaname, s.relname) as name
    from pg_stat_all_tables s join pg_class c on c.oid = s.relid
   where c.relkind in ('r', 'm') and c.relpersistence = 'p' and s.schemaname not in ('pg_toast', 'information_schema')
     and (s.n_dead_tup > 1000 + 0.2 * s.n_live_tup
          or s.n_mod_since_analyze > 1000 + 0.1 * s.n_live_tup
          or s.n_ins_since_vacuum > 10000 + 0.2 * s.n_live_tup
          or (s.last_vacuum is null and pg_relation_size(s.relid) > 8 * 1024 * 1024)
          or age(c.relfrozenxid) > 150000000)
   order by s.n_dead_tup desc
   limit ${TABLES_MAX}`;

type Times = { readonly lookMs: number; readonly checkpointMs: number; readonly vacuumMs: number; readonly walBytes: number };

const TIMES: Times = { lookMs: LOOK_MS, checkpointMs: CHECKPOINT_MS, vacuumMs: VACUUM_MS, walBytes: CHECKPOINT_WAL_BYTES };

/**
 * Does what the background processes of a PostgreSQL server do and PGlite has not: checkpoints, so that the write-ahead
 * log stays small and a restart quick, and vacuum. Its statements take their turn with all others.
 */
export class PgliteMaintenance {
  readonly #client: PgliteClient;
  readonly #times: Times;
  readonly #loop: WorkerLoop;
  #isStopping = false;
  #checkpoint = { at: 0, bytes: 0 };
  #vacuumedAt = 0;

  constructor({ client }: Pick<Pglite, 'client'>, log: Log, times: Partial<Times> = {}) {
    this.#client = client;
    this.#times = { ...TIMES, ...times };
    this.#loop = new WorkerLoop({
      step: () => this.#step(),
      onError: (error) => log.error('the embedded database could not be maintained', { error }),
      pollMs: this.#times.lookMs,
      gatherMs: 0,
      restMs: 0,
    });
  }

  start(): void {
    this.#isStopping = false;
    this.#checkpoint = { at: Date.now(), bytes: 0 };
    this.#vacuumedAt = Date.now();
    this.#loop.start();
  }

  /** Resolves when the statement under way has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#loop.stop();
  }

  async #step(): Promise<boolean> {
    await this.#checkpointWhenDue();
    if (Date.now() - this.#vacuumedAt >= this.#times.vacuumMs) {
      this.#vacuumedAt = Date.now();
      await this.#vacuumWhatIsDue();
    }
    return false;
  }

  async #checkpointWhenDue(): Promise<void> {
    const { at, bytes } = this.#checkpoint;
    const written = (await this.#written()) - bytes;
    if (written === 0 || (written < this.#times.walBytes && Date.now() - at < this.#times.checkpointMs)) return;
    await this.#client.exec('checkpoint');
    this.#checkpoint = { at: Date.now(), bytes: await this.#written() };
  }

  async #vacuumWhatIsDue(): Promise<void> {
    await this.#client.exec('select pg_stat_force_next_flush()');
    const { rows } = await this.#client.query<{ name: string }>(DUE);
    for (const { name } of rows) {
      if (this.#isStopping) return;
      await this.#client.exec(`vacuum (analyze) ${name}`);
    }
  }

  async #written(): Promise<number> {
    const { rows } = await this.#client.query<{ bytes: string }>(WAL);
    return Number(rows[0]?.bytes);
  }
}
