import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { AuditChain, type AuditFacts, type Digest } from '#domain/audit/chain.ts';
import { AUDIT_CLASSES, AUDITED, auditClassOf } from '#domain/audit/classes.ts';
import type { AuditTx } from './ports.ts';

/** What an order or a judgement consists of is in the log; the trail is about who did what. */
const WITHOUT = ['order', 'signals', 'verdict'];

/** Writes the trail, each event once, however often it is told. Classes are locked in one order. */
export const onAnything = ({ digest }: { readonly digest: Digest }): Subscription<AuditTx> => ({
  name: 'audit-trail',
  types: AUDITED,
  without: WITHOUT,
  async on({ trail }, events) {
    const known = await trail.known(events.map(({ id }) => id));
    const fresh = events.filter(({ id }) => !known.has(id));
    for (const name of AUDIT_CLASSES) {
      const ofClass = fresh.filter(({ data }) => auditClassOf(data.type) === name);
      if (ofClass.length === 0) continue;
      const chain = await trail.lock(name);
      const kept = ofClass.filter(({ recordedAt }) => chain.prunedBefore === null || recordedAt >= chain.prunedBefore);
      const extended = AuditChain.extend(chain, kept.map(factsOf), digest);
      if (kept.length > 0) await trail.extend(extended.chain, extended.entries);
    }
  },
});

function factsOf({ id: eventId, data, restaurantId, stream, actor, recordedAt: at }: RecordedEvent): AuditFacts {
  const { type, ...rest } = data as { readonly type: string } & Record<string, unknown>;
  const facts = Object.fromEntries(Object.entries(rest).filter(([name]) => !WITHOUT.includes(name)));
  return { eventId, type, restaurantId, stream, actor, at, data: facts };
}
