import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { Invitation, type Invitee } from '#domain/partners/invitation.ts';
import { StaffMember } from '#domain/partners/staff.ts';
import { type Actor, type Permission, system } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps, PartnersTx, Rights } from '../ports.ts';
import { permissionsOf } from '../roles/permissions-of.ts';

/** An invitation whose token somebody showed to have. */
export type Presented = { readonly restaurantId: string; readonly invitationId: string; readonly email: string };
export type AcceptTx = Omit<PartnersTx, 'mails'>;

export type AcceptRefusal = PartnersErrorOf<
  | 'partners.invitation_invalid'
  | 'partners.invitation_over'
  | 'partners.invitation_not_yours'
  | 'partners.address_unconfirmed'
  | 'partners.inviter_may_not'
  | 'partners.role_unknown'
  | 'partners.already_staff'
>;

/** Looks a text up, outside the transaction that takes it up; undefined when we never mailed it. */
export const presented =
  ({
    queries,
    letters,
  }: {
    readonly queries: Pick<PartnersDeps['queries'], 'invitationBySelector'>;
    readonly letters: Pick<PartnersDeps['letters'], 'secrets'>;
  }) =>
  async (token: string): Promise<Presented | undefined> => {
    const claim = letters.secrets.read(token);
    const invitation = claim && (await queries.invitationBySelector(claim.selector));
    if (!claim || !invitation || !claim.matches(invitation.verifierHash)) return undefined;
    return { restaurantId: invitation.restaurantId, invitationId: invitation.id, email: invitation.email };
  };

/** Makes the invited person one of the staff, in a transaction of ours or of whoever makes their account. */
export const acceptWithin =
  (tx: AcceptTx, rights: Rights) =>
  async ({ restaurantId, invitationId }: Omit<Presented, 'email'>, invitee: Invitee, at: number): Promise<Result<StaffMember, AcceptRefusal>> => {
    const owners = await tx.staff.lockOwners(restaurantId);
    const invitation = await tx.invitations.find(restaurantId, invitationId);
    if (!invitation) return err({ code: 'partners.invitation_invalid' });
    const accepted = Invitation.accept(invitation, invitee, at);
    if (!accepted.ok) return accepted;
    const { role } = invitation;
    const permissions = await permissionsOf(tx, rights, restaurantId, role);
    if (permissions === undefined) return err({ code: 'partners.role_unknown', role });
    const refusal = Invitation.inviterRefusal(invitation, await inviterOf(tx, rights, invitation), permissions);
    if (refusal) return err(refusal);
    const { accountId, displayName, email } = invitee;
    const before = await tx.staff.find(restaurantId, accountId);
    if (before && before.role !== null) return err({ code: 'partners.already_staff', email });

    const added = StaffMember.add(before, { restaurantId, person: { accountId, displayName, email }, role }, owners, INVITED, at);
    invariant(added.ok, 'whoever joins unmakes no owner');
    await tx.invitations.save(accepted.value);
    await tx.staff.save(added.value);
    return ok(added.value.state);
  };

/** Whoever sent the invitation could give the role, as was just asked; nobody else is there to be asked. */
const INVITED = system('invitation');

/** Whoever sent it, with what they may do at this moment. */
async function inviterOf(tx: AcceptTx, rights: Rights, { restaurantId, invitedBy }: Invitation): Promise<Actor> {
  const permissions = await tx.inviters.platformPermissions(invitedBy);
  const member = permissions && (await tx.staff.find(restaurantId, invitedBy));
  const held: readonly Permission[] = (member?.role && (await permissionsOf(tx, rights, restaurantId, member.role))) || [];
  return {
    kind: 'account',
    accountId: invitedBy,
    sessionId: '',
    permissions: permissions ?? [],
    grants: [{ restaurantId, role: member?.role ?? '', permissions: held }],
  };
}
