import type { FraudErrorOf } from '#domain/fraud/errors.ts';
import { type EntryKind, type List, ListEntry } from '#domain/fraud/list-entry.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { personOf } from './permit.ts';
import type { EntryAddress, FraudDeps } from './ports.ts';

export type AddListEntry = {
  /** Null: on the whole platform. */
  readonly restaurantId: string | null;
  readonly list: List;
  readonly kind: EntryKind;
  /** What is listed: its value, or whatever a decision was made of, which nobody can read. */
  readonly subject: { readonly value: string } | { readonly decisionId: string };
  readonly reason: string;
  readonly expiresAt: number | null;
};
type Refusal = FraudErrorOf<
  'fraud.entry_value_malformed' | 'fraud.entry_exists' | 'fraud.entry_expired' | 'fraud.decision_not_found' | 'fraud.entry_not_in_decision'
>;

/** Refuses or trusts from now on whatever the entry names. What is on both lists is refused. */
export const addListEntry =
  (deps: Pick<FraudDeps, 'uow' | 'queries' | 'tokens' | 'clock' | 'ids'>) =>
  async (command: AddListEntry, actor: Actor): Promise<Result<ListEntry, Refusal>> => {
    const { uow, clock, ids } = deps;
    const { restaurantId, list, kind, reason, expiresAt } = command;
    const subject = await subjectOf(deps, command);
    if (!subject.ok) return subject;
    const [id, at, by] = [ids.next(), clock.now(), personOf(actor)];
    const added = ListEntry.add(id, { restaurantId, list, kind, ...subject.value, reason, expiresAt, addedBy: by, addedAt: at });
    if (!added.ok) return added;
    return uow.run(actor, async (tx) => {
      const address: EntryAddress = { restaurantId, list, kind, token: subject.value.token };
      const standing = await tx.entries.standing(address);
      if (standing) {
        if (ListEntry.isLive(standing, at)) return err({ code: 'fraud.entry_exists', entryId: standing.id, list });
        const cleared = ListEntry.remove(standing, by, at); // It has expired: the new one takes its place.
        if (cleared.ok) await tx.entries.save(cleared.value);
      }
      const outcome = await tx.entries.save(added.value);
      if (outcome === 'exists') return err({ code: 'fraud.entry_exists', entryId: standing?.id ?? id, list });
      return ok({ ...added.value.state, version: 1 });
    });
  };

async function subjectOf(
  { queries, tokens }: Pick<FraudDeps, 'queries' | 'tokens'>,
  { restaurantId, kind, subject }: AddListEntry,
): Promise<Result<{ readonly value: string; readonly token: string }, Refusal>> {
  if ('value' in subject) {
    const value = ListEntry.parseValue(kind, subject.value);
    return value.ok ? ok({ value: value.value, token: kind === 'customer' ? value.value : tokens.of(kind, value.value) }) : value;
  }
  const { decisionId } = subject;
  const decision = await queries.decision(decisionId);
  if (!decision || (restaurantId !== null && decision.signals.restaurantId !== restaurantId))
    return err({ code: 'fraud.decision_not_found', decisionId });
  const token = kind === 'customer' ? decision.signals.customerId : decision.signals.tokens[kind];
  if (token === undefined) return err({ code: 'fraud.entry_not_in_decision', decisionId, kind });
  return ok({ value: kind === 'customer' ? token : `decision ${decisionId}`, token });
}
