import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { AuditChain, AuditEntry, Digest } from '#domain/audit/chain.ts';
import type { AuditClass } from '#domain/audit/classes.ts';

export type AuditTrail = {
  /** A chain as it ends now; nobody else adds to it or takes from it until the transaction ends. */
  lock(name: AuditClass): Promise<AuditChain>;
  /** Which of these events are already in the trail. */
  known(eventIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Writes new entries and the chain that ends with them. */
  extend(chain: AuditChain, entries: readonly AuditEntry[]): Promise<void>;
  /** The first entries of a chain, oldest first. */
  oldest(name: AuditClass, limit: number): Promise<readonly Pick<AuditEntry, 'seq' | 'hash' | 'at'>[]>;
  /** Deletes what the chain no longer has, and writes the chain. */
  prune(chain: AuditChain): Promise<void>;
};

/** What somebody looks for. Null is the whole platform; everything else that is absent does not matter. */
export type AuditSearch = {
  readonly restaurantId: string | null;
  readonly class?: AuditClass | undefined;
  /** A type, or the beginning of one that ends with a dot: `identity.`. */
  readonly type?: string | undefined;
  readonly actor?: string | undefined;
  readonly stream?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** A word that stands somewhere in the facts, in upper or lower case. */
  readonly word?: string | undefined;
};

export type Counted = { readonly name: string; readonly count: number };
export type AuditStatistics = {
  readonly total: number;
  readonly classes: readonly Counted[];
  /** The most frequent ones, the most frequent first. */
  readonly types: readonly Counted[];
  readonly actors: readonly Counted[];
  /** The days (UTC) on which there was anything, the latest first and at most DAYS_MAX. */
  readonly days: readonly Counted[];
};

export type AuditQueries = {
  /** Newest event first. */
  search(search: AuditSearch, page: PageRequest): Promise<Page<AuditEntry>>;
  statistics(search: AuditSearch): Promise<AuditStatistics>;
  chain(name: AuditClass): Promise<AuditChain>;
  /** Entries of a chain after one of them, in its order. */
  entries(name: AuditClass, after: number, limit: number): Promise<readonly AuditEntry[]>;
};

export const TOP = 20;
export const DAYS_MAX = 366;

export type AuditTx = { readonly trail: AuditTrail };
export type AuditDeps = {
  readonly uow: UnitOfWork<AuditTx>;
  readonly queries: AuditQueries;
  readonly digest: Digest;
  readonly days: Readonly<Record<AuditClass, number>>;
  readonly clock: Clock;
};
