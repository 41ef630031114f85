import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { Restaurant, type RestaurantSettings } from '#domain/partners/restaurant.ts';
import { StaffMember } from '#domain/partners/staff.ts';
import { type Actor, may } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from './ports.ts';

/** `ownerEmail` is whom the restaurant will belong to; without it, whoever asks. */
export type OpenRestaurant = { readonly settings: RestaurantSettings; readonly ownerEmail: string | undefined };

type Refusal = PartnersErrorOf<
  | 'partners.not_permitted'
  | 'partners.account_not_found'
  | 'partners.time_zone_unknown'
  | 'partners.currency_unknown'
  | 'partners.opening_hours_malformed'
  | 'partners.tax_rule_malformed'
>;

/** Opens a restaurant and makes its first owner. For whoever may on the platform, and for owners of another. */
export const openRestaurant =
  ({ uow, people, clock, ids }: Pick<PartnersDeps, 'uow' | 'people' | 'clock' | 'ids'>) =>
  async ({ settings, ownerEmail }: OpenRestaurant, actor: Actor): Promise<Result<Restaurant, Refusal>> => {
    const permission = 'restaurants:create';
    const isOwnerElsewhere = actor.kind === 'account' && actor.grants.some(({ permissions }) => permissions.includes(permission));
    if (!may(actor, permission) && !isOwnerElsewhere) return err({ code: 'partners.not_permitted', permission });

    const owner = ownerEmail === undefined ? await self(people, actor) : await people.find(ownerEmail);
    if (!owner) return err({ code: 'partners.account_not_found', email: ownerEmail ?? '' });
    const at = clock.now();
    const opened = Restaurant.open(ids.next(), settings, at);
    if (!opened.ok) return opened;
    const { state } = opened.value;

    return uow.run(actor, async (tx) => {
      await tx.restaurants.save(opened.value);
      await tx.staff.save(StaffMember.firstOwner(state.id, owner, at));
      return ok({ ...state, version: state.version + opened.value.events.length });
    });
  };

const self = async (people: PartnersDeps['people'], actor: Actor) => (actor.kind === 'account' ? people.byId(actor.accountId) : undefined);
