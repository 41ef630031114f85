import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { PartnersEvent } from '#domain/partners/events.ts';
import type { Restaurant } from '#domain/partners/restaurant.ts';
import type { StaffMember } from '#domain/partners/staff.ts';
import type { Change } from '#domain/shared/change.ts';

export type Restaurants = {
  find(restaurantId: string): Promise<Restaurant | undefined>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Restaurant, PartnersEvent>): Promise<void>;
};

export type Staff = {
  find(restaurantId: string, accountId: string): Promise<StaffMember | undefined>;
  /** How many owners the restaurant has; locked until the transaction ends, so that two cannot leave at once. */
  lockOwners(restaurantId: string): Promise<number>;
  save(change: Change<StaffMember, PartnersEvent>): Promise<void>;
};

export type PartnersQueries = {
  restaurant(restaurantId: string): Promise<Restaurant | undefined>;
  restaurants(page: PageRequest): Promise<Page<Restaurant>>;
  staff(restaurantId: string, page: PageRequest): Promise<Page<StaffMember>>;
  rolesOf(accountId: string): Promise<readonly { readonly restaurantId: string; readonly role: string }[]>;
};

/** What partners needs from identity: who an account is. */
export type People = {
  find(email: string): Promise<Person | undefined>;
  byId(accountId: string): Promise<Person | undefined>;
};
export type Person = { readonly accountId: string; readonly displayName: string; readonly email: string };

export type PartnersTx = { readonly restaurants: Restaurants; readonly staff: Staff };
export type PartnersDeps = {
  readonly uow: UnitOfWork<PartnersTx>;
  readonly queries: PartnersQueries;
  readonly people: People;
  readonly clock: Clock;
  readonly ids: Ids;
};
