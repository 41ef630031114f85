import type { RestaurantSettings } from './restaurant.ts';
import type { StaffRole } from './staff.ts';

/** The partners module's published language. */
export type PartnersEvent =
  | { readonly type: 'partners.restaurant_opened'; readonly restaurantId: string; readonly settings: RestaurantSettings; readonly at: number }
  | { readonly type: 'partners.restaurant_changed'; readonly restaurantId: string; readonly settings: RestaurantSettings; readonly at: number }
  | {
      readonly type: 'partners.staff_added';
      readonly restaurantId: string;
      readonly accountId: string;
      readonly role: StaffRole;
      readonly at: number;
    }
  | { readonly type: 'partners.staff_removed'; readonly restaurantId: string; readonly accountId: string; readonly at: number };
