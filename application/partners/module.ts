import { addStaff } from './add-staff.ts';
import { changeRestaurant } from './change-restaurant.ts';
import { acceptInvitation } from './invitations/accept-invitation.ts';
import { inviteStaff, resendInvitation } from './invitations/invite-staff.ts';
import { listInvitations } from './invitations/list-invitations.ts';
import { revokeInvitation } from './invitations/revoke-invitation.ts';
import { openRestaurant } from './open-restaurant.ts';
import type { PartnersDeps } from './ports.ts';
import { removeStaff } from './remove-staff.ts';
import { changeRole } from './roles/change-role.ts';
import { findRole, listRoles, roleHolders } from './roles/list-roles.ts';
import { makeRole } from './roles/make-role.ts';
import { removeRole } from './roles/remove-role.ts';

/** Everything the outside may ask of partners. */
export const createPartners = (deps: PartnersDeps) => ({
  openRestaurant: openRestaurant(deps),
  changeRestaurant: changeRestaurant(deps),
  addStaff: addStaff(deps),
  removeStaff: removeStaff(deps),
  restaurant: deps.queries.restaurant,
  restaurants: deps.queries.restaurants,
  staff: deps.queries.staff,
  rolesOf: deps.queries.rolesOf,
  roles: {
    make: makeRole(deps),
    change: changeRole(deps),
    remove: removeRole(deps),
    list: listRoles(deps),
    find: findRole(deps),
    holders: roleHolders(deps),
  },
  invitations: {
    send: inviteStaff(deps),
    resend: resendInvitation(deps),
    revoke: revokeInvitation(deps),
    accept: acceptInvitation(deps),
    list: listInvitations(deps),
  },
});
export type Partners = ReturnType<typeof createPartners>;
