import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { Invitation } from '#domain/partners/invitation.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from '../ports.ts';

export type RevokeInvitation = { readonly restaurantId: string; readonly invitationId: string };

type Refusal = PartnersErrorOf<'partners.invitation_not_found' | 'partners.invitation_over'>;

/** Its link is worth nothing from then on. */
export const revokeInvitation =
  ({ uow, clock }: Pick<PartnersDeps, 'uow' | 'clock'>) =>
  ({ restaurantId, invitationId }: RevokeInvitation, actor: Actor): Promise<Result<undefined, Refusal>> => {
    const at = clock.now();
    return uow.run(actor, async (tx) => {
      await tx.restaurants.lock(restaurantId);
      const invitation = await tx.invitations.find(restaurantId, invitationId);
      if (!invitation) return err({ code: 'partners.invitation_not_found', invitationId });
      const revoked = Invitation.revoke(invitation, at);
      if (!revoked.ok) return revoked;

      await tx.invitations.save(revoked.value);
      return ok(undefined);
    });
  };
