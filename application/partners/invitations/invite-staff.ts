import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { Invitation } from '#domain/partners/invitation.ts';
import { beyondReach } from '#domain/partners/role.ts';
import { OWN } from '#domain/partners/staff.ts';
import { type Actor, may } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps, PartnersTx, Person } from '../ports.ts';
import { isBuiltIn, permissionsOf } from '../roles/permissions-of.ts';

export type InviteStaff = { readonly restaurantId: string; readonly email: string; readonly role: string };
export type ResendInvitation = { readonly restaurantId: string; readonly invitationId: string };

type Deps = Pick<PartnersDeps, 'uow' | 'people' | 'rights' | 'letters' | 'clock' | 'ids'>;
type SendRefusal = PartnersErrorOf<
  'partners.role_unknown' | 'partners.owner_required' | 'partners.beyond_your_reach' | 'partners.already_staff' | 'partners.too_many_invitations'
>;
type Refusal = SendRefusal | PartnersErrorOf<'partners.restaurant_not_found' | 'partners.person_required' | 'partners.too_much_mail'>;

/** Mails somebody a link that lets them work here, whether or not they have an account. An earlier one to the same address is worth nothing then. */
export const inviteStaff =
  (deps: Deps) =>
  async ({ restaurantId, email, role }: InviteStaff, actor: Actor): Promise<Result<Invitation, Refusal>> => {
    if (actor.kind !== 'account') return err({ code: 'partners.person_required' });
    const at = deps.clock.now();
    const refused = await takeMail(deps, email, at);
    if (refused) return err(refused);
    const letter = { id: deps.ids.next(), ...deps.letters.secrets.mint(), invitee: await deps.people.find(email) };
    return deps.uow.run(actor, async (tx): Promise<Result<Invitation, Refusal>> => {
      if (!(await tx.restaurants.lock(restaurantId))) return err({ code: 'partners.restaurant_not_found', restaurantId });
      return send(tx, deps, { restaurantId, email, role, letter }, actor, at);
    });
  };

/** The same once more, with a link of its own: for what was lost, or was left lying too long. Whoever sends it answers for it. */
export const resendInvitation =
  (deps: Deps & Pick<PartnersDeps, 'queries'>) =>
  async (
    { restaurantId, invitationId }: ResendInvitation,
    actor: Actor,
  ): Promise<Result<Invitation, Refusal | PartnersErrorOf<'partners.invitation_not_found' | 'partners.invitation_over'>>> => {
    if (actor.kind !== 'account') return err({ code: 'partners.person_required' });
    const at = deps.clock.now();
    const known = await deps.queries.invitation(restaurantId, invitationId);
    if (!known) return err({ code: 'partners.invitation_not_found', invitationId });
    const { email, role } = known;
    const refused = await takeMail(deps, email, at);
    if (refused) return err(refused);
    const letter = { id: deps.ids.next(), ...deps.letters.secrets.mint(), invitee: await deps.people.find(email) };
    return deps.uow.run(actor, async (tx) => {
      await tx.restaurants.lock(restaurantId);
      const before = await tx.invitations.find(restaurantId, invitationId);
      if (!before) return err({ code: 'partners.invitation_not_found', invitationId });
      const ending = Invitation.statusAt(before, at);
      if (ending !== 'pending' && ending !== 'expired') return err({ code: 'partners.invitation_over', ending });
      const superseded = ending === 'expired' ? Invitation.supersede(before, at) : undefined; // One that is pending goes with the others of its address.
      if (superseded) await tx.invitations.save(superseded);
      return send(tx, deps, { restaurantId, email, role, letter }, actor, at);
    });
  };

type Letter = ReturnType<PartnersDeps['letters']['secrets']['mint']> & { readonly id: string; readonly invitee: Person | undefined };
type Sending = InviteStaff & { readonly letter: Letter };

async function send(
  tx: PartnersTx,
  { rights, letters }: Pick<Deps, 'rights' | 'letters'>,
  { restaurantId, email, role, letter: { id, selector, verifierHash, text, invitee } }: Sending,
  actor: Extract<Actor, { readonly kind: 'account' }>,
  at: number,
): Promise<Result<Invitation, SendRefusal>> {
  const permissions = await permissionsOf(tx, rights, restaurantId, role);
  if (permissions === undefined) return err({ code: 'partners.role_unknown', role });
  if (role === 'owner' && !may(actor, OWN, restaurantId))
    return err({ code: 'partners.owner_required', accountId: actor.accountId, permission: OWN });
  const refusal = beyondReach(actor, restaurantId, permissions);
  if (refusal) return err(refusal);
  const member = invitee && (await tx.staff.find(restaurantId, invitee.accountId));
  if (member && member.role !== null) return err({ code: 'partners.already_staff', email });

  const pending = await tx.invitations.pendingOf(restaurantId, at);
  const earlier = pending.filter((one) => one.email === email);
  const sent = Invitation.send(
    { id, restaurantId, email, role, selector, verifierHash, invitedBy: actor.accountId, hours: letters.hours },
    pending.length - earlier.length,
    at,
  );
  if (!sent.ok) return sent;
  for (const one of earlier) {
    const superseded = Invitation.supersede(one, at);
    if (superseded) await tx.invitations.save(superseded);
  }
  await tx.invitations.save(sent.value);
  await tx.mails.enqueue({
    key: `invitation:${id}`,
    to: email,
    template: 'invitation',
    facts: {
      name: invitee?.displayName ?? '',
      restaurant: (await tx.restaurants.find(restaurantId))?.name ?? '',
      role: isBuiltIn(role) ? role : ((await tx.roles.find(restaurantId, role))?.name ?? ''),
      link: letters.link(text),
      hours: String(letters.hours),
    },
  });
  return ok(sent.value.state);
}

async function takeMail(
  { letters }: Pick<Deps, 'letters'>,
  email: string,
  at: number,
): Promise<PartnersErrorOf<'partners.too_much_mail'> | undefined> {
  const taken = await letters.take(email, at);
  if (taken.isAllowed) return undefined;
  return { code: 'partners.too_much_mail', retryAfterSeconds: Math.max(1, Math.ceil((taken.availableAt - at) / 1_000)) };
}
