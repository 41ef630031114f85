import type { EmailErrorOf } from '#domain/notifications/email/errors.ts';
import { Suppression, type SuppressionReason } from '#domain/notifications/email/suppression.ts';
import { type Actor, nameOf, system } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { EmailDeps } from '../ports.ts';
import { TICKET_OWNER } from '../write-email.ts';

export type AddSuppression = { readonly address: string; readonly reason: SuppressionReason; readonly note: string | null };
type Deps = Pick<EmailDeps, 'uow' | 'digest' | 'clock' | 'ids'>;

/** Has an address written to no more, but for what its owner must know of their account. A worse reason replaces a milder one. */
export const addSuppression =
  (deps: Deps) =>
  async ({ address, reason, note }: AddSuppression, actor: Actor): Promise<Result<Suppression, EmailErrorOf<'notifications.suppression_exists'>>> => {
    const { uow, digest, clock, ids } = deps;
    const id = ids.next();
    return uow.run(actor, async ({ suppressions }) => {
      const before = await suppressions.lockAddress(address);
      if (before && !Suppression.isWorse(reason, before.reason)) {
        return err({ code: 'notifications.suppression_exists', suppressionId: before.id, reason: before.reason });
      }
      const added = Suppression.add({ id, address, recipientDigest: digest(address), reason, note, addedBy: nameOf(actor) }, clock.now());
      await suppressions.add(added);
      return ok(added.state);
    });
  };

/** Has an address written to again. */
export const removeSuppression =
  ({ uow, clock }: Deps) =>
  (
    { suppressionId }: { readonly suppressionId: string },
    actor: Actor,
  ): Promise<Result<undefined, EmailErrorOf<'notifications.suppression_not_found'>>> =>
    uow.run(actor, async ({ suppressions }) => {
      const found = await suppressions.lock(suppressionId);
      if (!found) return err({ code: 'notifications.suppression_not_found', suppressionId });
      await suppressions.remove(Suppression.remove(found, clock.now()));
      return ok(undefined);
    });

/** What a link in a mail of ours asks: no more offers to the address it was sent to. Whether the link is one of ours. */
export const unsubscribe =
  (deps: Deps & Pick<EmailDeps, 'tickets'>) =>
  async ({ ticket }: { readonly ticket: string }): Promise<boolean> => {
    const address = addressIn(deps, ticket);
    if (address === undefined) return false;
    // Asked twice, or by somebody who is not written to at all: they have what they want.
    await addSuppression(deps)({ address, reason: 'unsubscribed', note: null }, system('unsubscribe'));
    return true;
  };

/** The address that a link in a mail was made for; undefined for a link that is none of ours. */
export function addressIn({ tickets }: Pick<EmailDeps, 'tickets'>, ticket: string): string | undefined {
  try {
    return tickets.open(ticket, TICKET_OWNER);
  } catch {
    return undefined;
  }
}
