import type { InboxErrorOf } from '#domain/notifications/inbox/errors.ts';
import { DEFAULT_WISHES, Preferences, type Wishes } from '#domain/notifications/inbox/preferences.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { personOf } from './person.ts';
import type { InboxDeps } from './ports.ts';

export type ChangePreferences = { readonly wishes: Wishes; readonly expectedVersion: number | undefined };

/** How somebody wishes to be told of things from now on; what is on its way already is asked about once more before it goes. */
export const changePreferences =
  ({ uow, clock }: Pick<InboxDeps, 'uow' | 'clock'>) =>
  (
    { wishes, expectedVersion }: ChangePreferences,
    actor: Actor,
  ): Promise<Result<Preferences, InboxErrorOf<'notifications.time_zone_unknown' | 'notifications.changed_meanwhile'>>> =>
    uow.run(actor, async ({ preferences }) => {
      const accountId = personOf(actor);
      const before = (await preferences.of([accountId])).get(accountId) ?? { ...DEFAULT_WISHES, accountId, version: 0 };
      const changed = Preferences.change(before, wishes, expectedVersion, clock.now());
      if (!changed.ok) return changed;
      await preferences.save(changed.value);
      return ok({ ...changed.value.state, version: before.version + changed.value.events.length });
    });
