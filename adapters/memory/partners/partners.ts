import type { PartnersQueries, Restaurants, Staff } from '#application/partners/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import type { StaffMember } from '#domain/partners/staff.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import type { MemoryTx } from '../tx.ts';

const RESTAURANTS = 'partners.restaurants';
const STAFF = 'partners.staff';
const staffKey = (restaurantId: string, accountId: string): string => `${restaurantId}:${accountId}`;

export const memoryRestaurants = (tx: MemoryTx): Restaurants => ({
  find: async (restaurantId) => tx.get<Restaurant>(RESTAURANTS, restaurantId),
  async save({ state, events }) {
    const { id, version } = Restaurant.check(state);
    tx.put(RESTAURANTS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `restaurant:${id}`, version, restaurantId: id }, events);
  },
});

export const memoryStaff = (tx: MemoryTx): Staff => ({
  find: async (restaurantId, accountId) => tx.get<StaffMember>(STAFF, staffKey(restaurantId, accountId)),
  async lockOwners(restaurantId) {
    await tx.lock(RESTAURANTS, [restaurantId]);
    return tx.rows<StaffMember>(STAFF).filter((member) => member.restaurantId === restaurantId && member.role === 'owner').length;
  },
  async save({ state, events }) {
    const { restaurantId, accountId, version } = state;
    tx.put(STAFF, staffKey(restaurantId, accountId), version, { ...state, version: version + events.length });
    tx.append({ stream: `staff:${restaurantId}:${accountId}`, version, restaurantId }, events);
  },
});

export const memoryPartnersQueries = (store: MemoryStore): PartnersQueries => ({
  restaurant: async (restaurantId) => store.row<Restaurant>(RESTAURANTS, restaurantId),
  async restaurants(page) {
    return pageOf(
      newestFirst(store.rows<Restaurant>(RESTAURANTS), ({ id }) => id, page),
      page.limit,
      ({ id }) => id,
      (row) => row,
    );
  },
  async staff(restaurantId, page) {
    const members = store.rows<StaffMember>(STAFF).filter((member) => member.restaurantId === restaurantId && member.role !== null);
    return pageOf(
      newestFirst(members, ({ accountId }) => accountId, page),
      page.limit,
      ({ accountId }) => accountId,
      (row) => row,
    );
  },
  async rolesOf(accountId) {
    return store
      .rows<StaffMember>(STAFF)
      .flatMap((member) =>
        member.accountId === accountId && member.role !== null ? [{ restaurantId: member.restaurantId, role: member.role }] : [],
      );
  },
});
