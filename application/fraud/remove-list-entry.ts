import type { FraudErrorOf } from '#domain/fraud/errors.ts';
import { ListEntry } from '#domain/fraud/list-entry.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { personOf } from './permit.ts';
import type { FraudDeps } from './ports.ts';

/** With null, an entry of the platform; otherwise one of the restaurant, and no other. */
export type RemoveListEntry = { readonly restaurantId: string | null; readonly entryId: string };

export const removeListEntry =
  ({ uow, clock }: Pick<FraudDeps, 'uow' | 'clock'>) =>
  ({ restaurantId, entryId }: RemoveListEntry, actor: Actor): Promise<Result<undefined, FraudErrorOf<'fraud.entry_not_found'>>> =>
    uow.run(actor, async (tx) => {
      const entry = await tx.entries.find(entryId);
      if (!entry || entry.restaurantId !== restaurantId) return err({ code: 'fraud.entry_not_found', entryId });
      const removed = ListEntry.remove(entry, personOf(actor), clock.now());
      if (!removed.ok) return removed;
      await tx.entries.save(removed.value);
      return ok(undefined);
    });
