import { type AuditQueries, type AuditSearch, type AuditStatistics, type AuditTrail, type Counted, DAYS_MAX, TOP } from '#application/audit/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { AuditChain, type AuditEntry } from '#domain/audit/chain.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import type { MemoryTx } from '../tx.ts';

const CHAINS = 'audit.chains';
const ENTRIES = 'audit.entries';
const EVENTS = 'audit.entry_events';
/** Sorts as the numbers do. */
const keyOf = (name: string, seq: number): string => `${name}:${String(seq).padStart(15, '0')}`;

export const memoryAuditTrail = (tx: MemoryTx): AuditTrail => ({
  async lock(name) {
    await tx.lock(CHAINS, [name]);
    return tx.get<AuditChain>(CHAINS, name) ?? AuditChain.begin(name);
  },
  known: async (eventIds) => new Set(eventIds.filter((id) => tx.get(EVENTS, id) !== undefined)),
  async extend(chain, entries) {
    for (const entry of entries) {
      tx.insert(EVENTS, entry.eventId, { seq: entry.seq });
      tx.insert(ENTRIES, keyOf(entry.class, entry.seq), entry);
    }
    tx.set(CHAINS, chain.class, chain);
  },
  async oldest(name, limit) {
    const { pruned, last } = tx.get<AuditChain>(CHAINS, name) ?? AuditChain.begin(name);
    const seqs = Array.from({ length: Math.min(limit, last - pruned) }, (_, i) => pruned + 1 + i);
    return seqs.flatMap((seq) => tx.get<AuditEntry>(ENTRIES, keyOf(name, seq)) ?? []);
  },
  async prune(chain) {
    const before = tx.get<AuditChain>(CHAINS, chain.class)?.pruned ?? 0;
    for (let seq = before + 1; seq <= chain.pruned; seq++) {
      const entry = tx.get<AuditEntry>(ENTRIES, keyOf(chain.class, seq));
      if (entry) tx.delete(EVENTS, entry.eventId);
      tx.delete(ENTRIES, keyOf(chain.class, seq));
    }
    tx.set(CHAINS, chain.class, chain);
  },
});

export const memoryAuditQueries = (store: MemoryStore): AuditQueries => {
  const found = (search: AuditSearch): readonly AuditEntry[] => store.rows<AuditEntry>(ENTRIES).filter((entry) => matches(entry, search));
  return {
    async search(search, page) {
      return pageOf(
        newestFirst(found(search), ({ eventId }) => eventId, page),
        page.limit,
        ({ eventId }) => eventId,
        (entry) => entry,
      );
    },
    async statistics(search): Promise<AuditStatistics> {
      const entries = found(search);
      return {
        total: entries.length,
        classes: countBy(entries, (entry) => entry.class),
        types: countBy(entries, ({ type }) => type),
        actors: countBy(entries, ({ actor }) => actor),
        days: daysOf(entries),
      };
    },
    chain: async (name) => store.row<AuditChain>(CHAINS, name) ?? AuditChain.begin(name),
    async entries(name, after, limit) {
      return store
        .rows<AuditEntry>(ENTRIES)
        .filter((entry) => entry.class === name && entry.seq > after)
        .slice(0, limit);
    },
  };
};

function matches(entry: AuditEntry, search: AuditSearch): boolean {
  const { restaurantId, type, actor, stream, from, to, word } = search;
  return (
    (restaurantId === null || entry.restaurantId === restaurantId) &&
    (search.class === undefined || entry.class === search.class) &&
    (type === undefined || (type.endsWith('.') ? entry.type.startsWith(type) : entry.type === type)) &&
    (actor === undefined || entry.actor === actor) &&
    (stream === undefined || entry.stream === stream) &&
    (from === undefined || entry.at >= from) &&
    (to === undefined || entry.at < to) &&
    (word === undefined || JSON.stringify(entry.data).toLowerCase().includes(word.toLowerCase()))
  );
}

function countBy(entries: readonly AuditEntry[], nameOf: (entry: AuditEntry) => string): readonly Counted[] {
  return [...Map.groupBy(entries, nameOf)]
    .map(([name, group]) => ({ name, count: group.length }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, TOP);
}

const daysOf = (entries: readonly AuditEntry[]): readonly Counted[] =>
  [...Map.groupBy(entries, ({ at }) => new Date(at).toISOString().slice(0, 10))]
    .map(([name, group]) => ({ name, count: group.length }))
    .sort((a, b) => (a.name < b.name ? 1 : -1))
    .slice(0, DAYS_MAX);
