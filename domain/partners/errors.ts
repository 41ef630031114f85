export type PartnersError =
  | { readonly code: 'partners.restaurant_not_found'; readonly restaurantId: string }
  | { readonly code: 'partners.changed_meanwhile'; readonly version: number }
  | { readonly code: 'partners.time_zone_unknown'; readonly timeZone: string }
  | { readonly code: 'partners.currency_unknown'; readonly currency: string }
  | { readonly code: 'partners.opening_hours_malformed'; readonly index: number }
  | { readonly code: 'partners.tax_rule_malformed'; readonly index: number; readonly reason: 'rate' | 'duplicate' }
  | { readonly code: 'partners.not_permitted'; readonly permission: string }
  | { readonly code: 'partners.account_not_found'; readonly email: string }
  | { readonly code: 'partners.staff_not_found'; readonly accountId: string }
  | { readonly code: 'partners.owner_required'; readonly accountId: string; readonly permission: string }
  | { readonly code: 'partners.last_owner'; readonly accountId: string }
  | RoleError
  | InvitationError;

type RoleError =
  | { readonly code: 'partners.role_not_found'; readonly roleId: string }
  /** Somebody is to have a role that the restaurant has not. */
  | { readonly code: 'partners.role_unknown'; readonly role: string }
  | { readonly code: 'partners.role_built_in'; readonly roleId: string }
  | { readonly code: 'partners.role_name_taken'; readonly name: string }
  | { readonly code: 'partners.role_changed_meanwhile'; readonly version: number }
  | { readonly code: 'partners.role_held'; readonly accountIds: readonly string[] }
  | { readonly code: 'partners.too_many_roles'; readonly limit: number }
  | { readonly code: 'partners.permission_not_grantable'; readonly permissions: readonly string[] }
  | { readonly code: 'partners.for_owners_to_give'; readonly permissions: readonly string[] }
  | { readonly code: 'partners.beyond_your_reach'; readonly permissions: readonly string[] };

type InvitationError =
  | { readonly code: 'partners.invitation_not_found'; readonly invitationId: string }
  | { readonly code: 'partners.invitation_invalid' }
  | { readonly code: 'partners.invitation_over'; readonly ending: 'pending' | 'accepted' | 'revoked' | 'superseded' | 'expired' }
  | { readonly code: 'partners.invitation_not_yours' }
  | { readonly code: 'partners.address_unconfirmed' }
  | { readonly code: 'partners.inviter_may_not'; readonly permissions: readonly string[] }
  | { readonly code: 'partners.already_staff'; readonly email: string }
  | { readonly code: 'partners.too_many_invitations'; readonly limit: number }
  | { readonly code: 'partners.too_much_mail'; readonly retryAfterSeconds: number }
  | { readonly code: 'partners.person_required' };

export type PartnersErrorOf<Code extends PartnersError['code']> = Extract<PartnersError, { readonly code: Code }>;
