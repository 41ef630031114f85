import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import type { StaffMember } from '#domain/partners/staff.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from '../ports.ts';
import { type AcceptRefusal, acceptWithin, presented } from './accept-within.ts';

/** Whoever is signed in takes up an invitation that was mailed to the address of their account. */
export const acceptInvitation =
  (deps: Pick<PartnersDeps, 'uow' | 'queries' | 'people' | 'rights' | 'letters' | 'clock'>) =>
  async (
    { token }: { readonly token: string },
    actor: Actor,
  ): Promise<Result<StaffMember, AcceptRefusal | PartnersErrorOf<'partners.person_required'>>> => {
    const invitee = actor.kind === 'account' ? await deps.people.byId(actor.accountId) : undefined;
    if (!invitee) return err({ code: 'partners.person_required' });
    const invitation = await presented(deps)(token);
    if (!invitation) return err({ code: 'partners.invitation_invalid' });
    const at = deps.clock.now();
    return deps.uow.run(actor, (tx) => acceptWithin(tx, deps.rights)(invitation, invitee, at));
  };
