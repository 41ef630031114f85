import { addStaff } from './add-staff.ts';
import { changeRestaurant } from './change-restaurant.ts';
import { openRestaurant } from './open-restaurant.ts';
import type { PartnersDeps } from './ports.ts';
import { removeStaff } from './remove-staff.ts';

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
});
export type Partners = ReturnType<typeof createPartners>;
