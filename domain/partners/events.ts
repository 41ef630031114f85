import type { Permission } from '../shared/actor.ts';
import type { RestaurantSettings } from './restaurant.ts';

/** The partners module's published language. */
export type PartnersEvent = RestaurantEvent | StaffEvent | RoleEvent | InvitationEvent;

export type RestaurantEvent =
  | { readonly type: 'partners.restaurant_opened'; readonly restaurantId: string; readonly settings: RestaurantSettings; readonly at: number }
  | { readonly type: 'partners.restaurant_changed'; readonly restaurantId: string; readonly settings: RestaurantSettings; readonly at: number };

export type StaffEvent =
  | {
      readonly type: 'partners.staff_added';
      readonly restaurantId: string;
      readonly accountId: string;
      /** One that every restaurant has, or the id of one of its own. */
      readonly role: string;
      readonly at: number;
    }
  | { readonly type: 'partners.staff_removed'; readonly restaurantId: string; readonly accountId: string; readonly at: number };

export type RoleEvent =
  | {
      readonly type: 'partners.role_made' | 'partners.role_changed';
      readonly restaurantId: string;
      readonly roleId: string;
      readonly name: string;
      readonly description: string;
      readonly permissions: readonly Permission[];
      readonly at: number;
    }
  | { readonly type: 'partners.role_removed'; readonly restaurantId: string; readonly roleId: string; readonly at: number };

/** Whom it went to is not in it: they may never have heard of us. */
type OfInvitation = { readonly restaurantId: string; readonly invitationId: string; readonly role: string; readonly at: number };
export type InvitationEvent =
  | (OfInvitation & { readonly type: 'partners.invitation_sent'; readonly invitedBy: string; readonly expiresAt: number })
  | (OfInvitation & { readonly type: 'partners.invitation_accepted'; readonly invitedBy: string; readonly accountId: string })
  | (OfInvitation & { readonly type: 'partners.invitation_revoked' | 'partners.invitation_superseded' });
