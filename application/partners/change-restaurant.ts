import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { Restaurant, type RestaurantSettings } from '#domain/partners/restaurant.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from './ports.ts';

export type ChangeRestaurant = {
  readonly restaurantId: string;
  readonly changes: Partial<RestaurantSettings>;
  /** The version the caller has seen, when they insist on it. */
  readonly expectedVersion: number | undefined;
};

type Refusal = PartnersErrorOf<
  | 'partners.restaurant_not_found'
  | 'partners.changed_meanwhile'
  | 'partners.time_zone_unknown'
  | 'partners.currency_unknown'
  | 'partners.opening_hours_malformed'
  | 'partners.tax_rule_malformed'
>;

export const changeRestaurant =
  ({ uow, clock }: Pick<PartnersDeps, 'uow' | 'clock'>) =>
  ({ restaurantId, changes, expectedVersion }: ChangeRestaurant, actor: Actor): Promise<Result<Restaurant, Refusal>> =>
    uow.run(actor, async (tx) => {
      const restaurant = await tx.restaurants.find(restaurantId);
      if (!restaurant) return err({ code: 'partners.restaurant_not_found', restaurantId });

      const changed = Restaurant.change(restaurant, changes, expectedVersion, clock.now());
      if (!changed.ok) return changed;

      await tx.restaurants.save(changed.value);
      return ok({ ...changed.value.state, version: restaurant.version + changed.value.events.length });
    });
