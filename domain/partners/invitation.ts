import type { Actor, Permission } from '../shared/actor.ts';
import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { PartnersErrorOf } from './errors.ts';
import type { PartnersEvent } from './events.ts';
import { beyondReach } from './role.ts';
import { OWN } from './staff.ts';

const HOUR_MS = 3_600_000;
export const INVITATION_HOURS = { min: 24, max: 168, otherwise: 72 } as const;
/** Invitations of one restaurant that can still be accepted. */
export const INVITATIONS_MAX = 50;

const NEXT = {
  pending: ['accepted', 'revoked', 'superseded'],
  accepted: [],
  revoked: [],
  superseded: [],
} as const satisfies Record<string, readonly string[]>;
export type InvitationStatus = keyof typeof NEXT;
export const INVITATION_STATUSES = Object.keys(NEXT) as readonly InvitationStatus[];
/** As people see it: one whose time is over is no longer pending, whether or not anybody wrote that down. */
export type SeenStatus = InvitationStatus | 'expired';
export const SEEN_STATUSES = [...INVITATION_STATUSES, 'expired'] as const;

/** An offer to work in a role, mailed to an address. Of its token only a hash is kept; the selector finds it. */
export type Invitation = {
  readonly id: string;
  readonly restaurantId: string;
  readonly email: string;
  readonly role: string;
  readonly selector: string;
  readonly verifierHash: string;
  /** The account that answers for it: it must be able to give the role on the day it is accepted. */
  readonly invitedBy: string;
  readonly status: InvitationStatus;
  readonly sentAt: number;
  readonly expiresAt: number;
  readonly version: number;
};
type Draft = Pick<Invitation, 'id' | 'restaurantId' | 'email' | 'role' | 'selector' | 'verifierHash' | 'invitedBy'> & { readonly hours: number };
/** Who presents it. `isConfirmed` says that they showed to read the mail of their address. */
export type Invitee = { readonly accountId: string; readonly displayName: string; readonly email: string; readonly isConfirmed: boolean };

type Changed = Change<Invitation, PartnersEvent>;
type Over = PartnersErrorOf<'partners.invitation_over'>;

/** What it takes to give somebody a role: to write staff, and to hold all that the role allows. */
export const GIVE: Permission = 'staff:write';

/** `pending` is how many others of the restaurant can still be accepted. */
function send({ hours, ...draft }: Draft, pending: number, at: number): Result<Changed, PartnersErrorOf<'partners.too_many_invitations'>> {
  if (pending >= INVITATIONS_MAX) return err({ code: 'partners.too_many_invitations', limit: INVITATIONS_MAX });
  const state: Invitation = { ...draft, status: 'pending', sentAt: at, expiresAt: at + hours * HOUR_MS, version: 0 };
  const { invitedBy, expiresAt } = state;
  return ok({ state, events: [{ type: 'partners.invitation_sent', ...factsOf(state), invitedBy, expiresAt, at }] });
}

/** Whether somebody may take it up, once they showed that they have its token. */
function accept(
  invitation: Invitation,
  { accountId, email, isConfirmed }: Omit<Invitee, 'displayName'>,
  at: number,
): Result<Changed, Over | PartnersErrorOf<'partners.invitation_not_yours' | 'partners.address_unconfirmed'>> {
  const status = statusAt(invitation, at);
  if (status !== 'pending') return err({ code: 'partners.invitation_over', ending: status });
  if (email !== invitation.email) return err({ code: 'partners.invitation_not_yours' });
  if (!isConfirmed) return err({ code: 'partners.address_unconfirmed' });
  const state: Invitation = { ...invitation, status: 'accepted' };
  return ok({ state, events: [{ type: 'partners.invitation_accepted', ...factsOf(state), invitedBy: state.invitedBy, accountId, at }] });
}

/** Whether whoever sent it could still give the role: what somebody may no longer do, their letters may not either. */
function inviterRefusal(
  { restaurantId, role }: Invitation,
  inviter: Actor,
  permissions: readonly Permission[],
): PartnersErrorOf<'partners.inviter_may_not'> | undefined {
  const wanted = [GIVE, ...(role === 'owner' ? [OWN] : []), ...permissions];
  const beyond = beyondReach(inviter, restaurantId, wanted);
  return beyond && { code: 'partners.inviter_may_not', permissions: beyond.permissions };
}

function revoke(invitation: Invitation, at: number): Result<Changed, Over> {
  const status = statusAt(invitation, at);
  if (status !== 'pending') return err({ code: 'partners.invitation_over', ending: status });
  const state: Invitation = { ...invitation, status: 'revoked' };
  return ok({ state, events: [{ type: 'partners.invitation_revoked', ...factsOf(state), at }] });
}

/** Another one takes its place; nothing to do for one that was answered or taken back. */
function supersede(invitation: Invitation, at: number): Changed | undefined {
  const allowed: readonly InvitationStatus[] = NEXT[invitation.status];
  if (!allowed.includes('superseded')) return undefined;
  const state: Invitation = { ...invitation, status: 'superseded' };
  return { state, events: [{ type: 'partners.invitation_superseded', ...factsOf(state), at }] };
}

const statusAt = ({ status, expiresAt }: Pick<Invitation, 'status' | 'expiresAt'>, at: number): SeenStatus =>
  status === 'pending' && at >= expiresAt ? 'expired' : status;
const factsOf = ({ id: invitationId, restaurantId, role }: Invitation) => ({ restaurantId, invitationId, role });

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(invitation: Invitation): Invitation {
  const { id, status, sentAt, expiresAt, verifierHash } = invitation;
  invariant(status in NEXT, `invitation ${id} is of an unknown status`);
  invariant(sentAt < expiresAt, `invitation ${id} ends after it was sent`);
  invariant(verifierHash !== '', `invitation ${id} has no secret`);
  return invitation;
}

export const Invitation = { send, accept, inviterRefusal, revoke, supersede, statusAt, check };
