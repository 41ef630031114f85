import { memoryAccounts } from '#adapters/memory/identity/identity.ts';
import { memoryInvitations } from '#adapters/memory/partners/invitations.ts';
import { memoryRestaurants, memoryStaff } from '#adapters/memory/partners/partners.ts';
import { memoryRoles } from '#adapters/memory/partners/roles.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { postgresAccounts } from '#adapters/postgres/identity/accounts.ts';
import { postgresInvitations } from '#adapters/postgres/partners/invitations.ts';
import { postgresRestaurants } from '#adapters/postgres/partners/restaurants.ts';
import { postgresRoles } from '#adapters/postgres/partners/roles.ts';
import { postgresStaff } from '#adapters/postgres/partners/staff.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import type { Accounts, Invitations } from '#application/identity/ports.ts';
import { type AcceptRefusal, type AcceptTx, acceptWithin } from '#application/partners/invitations/accept-within.ts';
import type { Inviters, Rights } from '#application/partners/ports.ts';
import { Account } from '#domain/identity/account.ts';
import type { InvitationReason } from '#domain/identity/errors.ts';
import { GRANTABLE, HANDED_ON_BY_OWNER, platformPermissions, restaurantPermissions } from '#domain/identity/roles.ts';
import { err } from '#domain/shared/result.ts';

/** What identity says about permissions when partners asks. */
export const RIGHTS: Rights = { builtIn: restaurantPermissions, grantable: GRANTABLE, ofOwner: HANDED_ON_BY_OWNER };

/** What partners changes in one transaction, whoever began it. */
export const postgresStaffing = (tx: PostgresTx): AcceptTx => ({
  restaurants: postgresRestaurants(tx),
  staff: postgresStaff(tx),
  roles: postgresRoles(tx),
  invitations: postgresInvitations(tx),
  inviters: inviters(postgresAccounts(tx)),
});
export const memoryStaffing = (tx: MemoryTx): AcceptTx => ({
  restaurants: memoryRestaurants(tx),
  staff: memoryStaff(tx),
  roles: memoryRoles(tx),
  invitations: memoryInvitations(tx),
  inviters: inviters(memoryAccounts(tx)),
});

const inviters = (accounts: Pick<Accounts, 'lock'>): Inviters => ({
  async platformPermissions(accountId) {
    const account = await accounts.lock(accountId);
    return account && Account.isActive(account) ? platformPermissions(account.platformRoles) : undefined;
  },
});

/** An invitation taken up by somebody whose account is made in the same transaction: that they have it shows that they read its mail. */
export const invitationsWithin = (tx: AcceptTx): Invitations => ({
  async accept(invited, person, at) {
    const accepted = await acceptWithin(tx, RIGHTS)(invited, { ...person, isConfirmed: true }, at);
    return accepted.ok ? accepted : err({ code: 'identity.invitation_refused', reason: reasonOf(accepted.error) });
  },
});

function reasonOf(refusal: AcceptRefusal): InvitationReason {
  switch (refusal.code) {
    case 'partners.invitation_over':
      return refusal.ending === 'pending' ? 'invalid' : refusal.ending;
    case 'partners.invitation_not_yours':
    case 'partners.address_unconfirmed':
      return 'not_yours';
    case 'partners.inviter_may_not':
      return 'inviter_may_not';
    case 'partners.role_unknown':
      return 'role_gone';
    case 'partners.already_staff':
      return 'already_staff';
    case 'partners.invitation_invalid':
      return 'invalid';
  }
}
