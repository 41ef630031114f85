import type { EntityManager } from '@mikro-orm/postgresql';
import type { Gather } from './gather.ts';
import type { Sql } from './sql.ts';

/** An open transaction, as repositories see it. */
export type PostgresTx = {
  readonly em: EntityManager;
  readonly sql: Sql;
  /** For what orders are placed with: however many share the transaction, it is one statement. */
  readonly gather: Gather;
  /** Events of one stream, written with the transaction's other events just before it commits. */
  append(stream: StreamHead, events: readonly { readonly type: string }[]): void;
  /** Tells all processes of something that is no event of the log, once it is committed. */
  announce(type: string): void;
};

/** Where events go: `version` is the stream's version before them. */
export type StreamHead = { readonly stream: string; readonly version: number; readonly restaurantId: string | null };
