import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AuditChain, type AuditEntry, type AuditFacts } from '#domain/audit/chain.ts';

const digest = (text: string): string => hash('sha256', text, 'hex');
const facts = fc.record<AuditFacts>({
  eventId: fc.uuid(),
  type: fc.constantFrom('partners.staff_added', 'identity.session_started'),
  restaurantId: fc.option(fc.uuid(), { nil: null }),
  stream: fc.string({ maxLength: 10 }),
  actor: fc.string({ maxLength: 10 }),
  at: fc.nat(),
  data: fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }) as fc.Arbitrary<Record<string, unknown>>,
});
/** A chain written in several goes, as the subscription does. */
const chains = fc
  .array(fc.array(facts, { maxLength: 6 }), { minLength: 1, maxLength: 4 })
  .map((batches) => {
    let chain = AuditChain.begin('standard');
    const entries: AuditEntry[] = [];
    for (const batch of batches) {
      const extended = AuditChain.extend(chain, batch, digest);
      chain = extended.chain;
      entries.push(...extended.entries);
    }
    return { chain, entries };
  })
  .filter(({ entries }) => entries.length > 0);

const faultOf = (chain: AuditChain, entries: readonly AuditEntry[]) => {
  const reached = AuditChain.follow(AuditChain.start(chain), entries, digest);
  return 'why' in reached ? reached : AuditChain.end(chain, reached);
};
/** As a database gives it back: another order of members, nothing undefined. */
const shuffled = (entry: AuditEntry): AuditEntry =>
  JSON.parse(JSON.stringify({ ...entry, data: Object.fromEntries(Object.entries(entry.data).reverse()) })) as AuditEntry;

it('holds when nobody touched it, however it was written and read', () => {
  fc.assert(
    fc.property(chains, ({ chain, entries }) => {
      expect(faultOf(chain, entries)).toBeUndefined();
      expect(faultOf(chain, entries.map(shuffled))).toBeUndefined();
    }),
  );
});

it('names the first entry that was changed, whatever was changed in it', () => {
  fc.assert(
    fc.property(
      chains,
      fc.nat(),
      fc.constantFrom('actor', 'stream', 'type', 'at', 'restaurantId', 'data', 'eventId', 'hash'),
      ({ chain, entries }, pick, field) => {
        const i = pick % entries.length;
        const entry = entries[i] as AuditEntry;
        const other = field === 'at' ? entry.at + 1 : field === 'data' ? { ...entry.data, forged: true } : `${entry[field as 'actor']}x`;
        const forged = entries.with(i, { ...entry, [field]: other } as AuditEntry);
        expect(faultOf(chain, forged)).toMatchObject({ seq: entry.seq, why: 'altered' });
      },
    ),
  );
});

it('misses an entry that was taken out, put in or moved, the last one too', () => {
  fc.assert(
    fc.property(chains, fc.nat(), ({ chain, entries }, pick) => {
      const i = pick % entries.length;
      const entry = entries[i] as AuditEntry;
      expect(faultOf(chain, entries.toSpliced(i, 1))).toMatchObject({ seq: entry.seq, why: 'missing' });
      expect(faultOf(chain, [...entries, ...AuditChain.extend(chain, [entry], digest).entries])).toMatchObject({ why: 'too_many' });
      const next = entries[i + 1];
      if (next) expect(faultOf(chain, entries.toSpliced(i, 2, { ...next, seq: entry.seq }, { ...entry, seq: next.seq }))).toBeDefined();
      // Whoever renumbers what is left and works out every hash anew is found out by the end.
      const { entries: rewritten } = AuditChain.extend(AuditChain.begin('standard'), entries.toSpliced(i, 1), digest);
      expect(faultOf(chain, rewritten)).toBeDefined();
    }),
  );
});

it('can be checked after its beginning was taken off', () => {
  fc.assert(
    fc.property(chains, fc.nat(), ({ chain, entries }, pick) => {
      const last = entries[pick % entries.length] as AuditEntry;
      const pruned = AuditChain.prune(chain, last, 1_000);
      expect(faultOf(pruned, entries.slice(last.seq))).toBeUndefined();
      expect(faultOf({ ...pruned, prunedHash: digest('forged') }, entries.slice(last.seq))).toBeDefined();
      const grown = AuditChain.extend(pruned, [last], digest);
      expect(faultOf(grown.chain, [...entries.slice(last.seq), ...grown.entries])).toBeUndefined();
    }),
  );
});
